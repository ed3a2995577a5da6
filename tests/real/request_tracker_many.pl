# More people and many tickets in a Request Tracker, for the trial at full size. The first argument is
# how many tickets; the tokens of the people are added to the file that DESK_TOKENS names.
use strict;
use warnings;

my ($many) = @ARGV;
my $system = RT->SystemUser;

my $support = RT::Group->new($system);
$support->LoadUserDefinedGroup('Support');
open my $tokens, '>>', $ENV{DESK_TOKENS} or die "no tokens: $!";
for my $name ('luz', 'gabe', 'kenji') {
    my $user = RT::User->new($system);
    my ($made, $why) = $user->Create(
        Name => $name, RealName => ucfirst $name, EmailAddress => "$name\@help.example",
        Privileged => 1, Password => 'a password');
    die "no $name: $why" unless $made;
    $support->AddMember($user->PrincipalId);
    my $token = RT::AuthToken->new($system);
    ($made, $why, my $secret) = $token->Create(Owner => $user->id, Description => 'tests');
    die "no token for $name: $why" unless $made;
    print {$tokens} "$name $secret\n";
}
close $tokens or die "no tokens: $!";

my @tiers = qw(enterprise team free open_source);
for my $number (1 .. $many) {
    my $customer = RT::CurrentUser->new($system);
    $customer->LoadByEmail($number % 2 ? 'ida@customer.example' : 'omar@client.example');
    my $text = MIME::Entity->build(Type => 'text/plain', Charset => 'UTF-8', Encoding => '8bit',
        Data => "What has happened to number $number?\n");
    my $ticket = RT::Ticket->new($customer);
    my ($made, undef, $why) = $ticket->Create(
        Queue => 'Support', Subject => "Trouble number $number", Requestor => $customer->id,
        MIMEObj => $text);
    die "no ticket $number: $why" unless $made;
    my $loaded = RT::Ticket->new($system);
    $loaded->Load($made);
    $loaded->AddCustomFieldValue(Field => 'Tier', Value => $tiers[$number % 4], RecordTransaction => 0);
    $loaded->AddCustomFieldValue(Field => 'Severity', Value => $number % 4, RecordTransaction => 0);
}
1;
