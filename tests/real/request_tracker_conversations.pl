# Conversations of other days in a Request Tracker, and what it says until when each is to be answered.
# The first argument is a file of JSON, a list of conversations: level, severity, and messages with who
# (customer or agent) and at (seconds since 1970).
use strict;
use warnings;
use JSON;

my ($plan) = @ARGV;
open my $file, '<', $plan or die "no plan: $!";
my $conversations = decode_json(join '', <$file>);
close $file or die "no plan: $!";

RT->Config->Set(MailCommand => 'testfile');    # no program is started for a mail
my $system = RT->SystemUser;
my %people;
for my $each (['customer', 'ida@customer.example'], ['agent', 'mariam']) {
    $people{ $each->[0] } = RT::CurrentUser->new($system);
    $people{ $each->[0] }->Load($each->[1]);
}
my $queue = RT::Queue->new($system);
$queue->Load('Support');
$queue->SetSLADisabled(0);

sub dated {
    my ($object, $seconds) = @_;
    my $date = RT::Date->new($system);
    $date->Unix($seconds);
    my ($done, $why) = $object->__Set(Field => 'Created', Value => $date->ISO);
    die "not dated: $why" unless $done;
}

for my $conversation (@$conversations) {
    my @messages = @{ $conversation->{messages} };
    my $number = 0;
    my $said = sub {
        $number++;
        return MIME::Entity->build(Type => 'text/plain', Data => "Message $number\n");
    };
    my $ticket = RT::Ticket->new($people{customer});
    my ($made, undef, $why) = $ticket->Create(
        Queue => 'Support', Subject => "Level $conversation->{level}", SLA => $conversation->{level},
        Requestor => $people{customer}->id, MIMEObj => $said->());
    die "no ticket: $why" unless $made;
    for my $message (@messages[1 .. $#messages]) {
        my $as = RT::Ticket->new($people{ $message->{who} });
        $as->Load($made);
        my ($done, $what) = $as->Correspond(MIMEObj => $said->());
        die "no message: $what" unless $done;
    }
    my $loaded = RT::Ticket->new($system);
    $loaded->Load($made);
    $loaded->AddCustomFieldValue(Field => 'Tier', Value => 'enterprise', RecordTransaction => 0);
    $loaded->AddCustomFieldValue(
        Field => 'Severity', Value => $conversation->{severity}, RecordTransaction => 0);
    my $all = $loaded->Transactions;
    $all->Limit(FIELD => 'Type', VALUE => $_, ENTRYAGGREGATOR => 'OR') for 'Create', 'Correspond';
    $all->OrderByCols({ FIELD => 'id', ORDER => 'ASC' });
    for my $message (@messages) { dated($all->Next, $message->{at}) }
    dated($loaded, $messages[0]{at});
    # It reckons anew when the level is set anew, from the messages as they are dated now.
    for my $level ($conversation->{level} eq 'p0' ? 'p1' : 'p0', $conversation->{level}) {
        my ($done, $what) = $loaded->SetSLA($level);
        die "no level: $what" unless $done;
    }
}
1;
