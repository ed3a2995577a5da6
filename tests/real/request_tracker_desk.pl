# The desk of the tests in a new Request Tracker, in the form of its initial data: queues, fields,
# people and their rights. The tokens of those who log in go into the file that DESK_TOKENS names.
use strict;
use warnings;

our @Groups = map { { Name => $_ } } ('Support', 'Onlookers');

our @Users = (
    # Zones far apart: times in queries are read in that of whoever asks.
    (   map { { Name => $_->[0], RealName => $_->[1], Timezone => $_->[2], MemberOf => $_->[3],
                EmailAddress => "$_->[0]\@help.example", Privileged => 1, Password => 'a password' } }
        ['mariam', 'Mariam Haddad', 'Africa/Cairo', 'Support'],
        ['tomasz', 'Tomasz Nowak', 'America/Bogota', 'Support'],
        ['numberone', 'The loop', 'Asia/Tokyo', 'Support'],
        ['onlooker', 'Who may only look', 'UTC', 'Onlookers']
    ),
    (   map { { Name => $_->[0], EmailAddress => $_->[0], RealName => $_->[1],
                Organization => $_->[2], Privileged => 0 } }
        ['ida@customer.example', 'Ida Berg', 'Halcyon Ferry Lines'],
        ['omar@client.example', 'Omar Said', '']
    ),
);

our @Queues = map { { Name => $_, CorrespondAddress => lc($_) . '@help.example',
                      CommentAddress => lc($_) . '-notes@help.example' } }
    ('Support', 'Engineering', 'Payroll');

our @CustomFields = (
    { Name => 'Severity', Type => 'SelectSingle', Queue => 0,
      Values => [ map { { Name => "$_", SortOrder => $_ } } 0 .. 3 ] },
    { Name => 'Tier', Type => 'FreeformSingle', Queue => 0 },
    { Name => 'numberone', Type => 'FreeformSingle',
      LookupType => 'RT::Queue-RT::Ticket-RT::Transaction', ApplyTo => 0 },
);

my @looks = qw(SeeQueue ShowTicket SeeCustomField);
my @works = qw(ShowTicketComments ShowOutgoingEmail CreateTicket ReplyToTicket CommentOnTicket
    ModifyTicket OwnTicket TakeTicket StealTicket ReassignTicket DeleteTicket ModifyCustomField
    SetInitialCustomField Watch WatchAsAdminCc);

our @ACL = (
    # Nobody but root sees Payroll.
    (   map { my $queue = $_;
              { GroupDomain => 'UserDefined', GroupId => 'Support', Queue => $queue,
                Right => [@looks, @works] },
              { GroupDomain => 'UserDefined', GroupId => 'Onlookers', Queue => $queue,
                Right => [@looks] } }
        ('Support', 'Engineering')
    ),
    # What stands on fields of the whole system is seen by a right on the whole system.
    (   map { { GroupDomain => 'UserDefined', GroupId => $_, Right => ['SeeCustomField'] } }
        ('Support', 'Onlookers')
    ),
    { GroupDomain => 'SystemInternal', GroupType => 'Everyone',
      Right => ['CreateTicket', 'ReplyToTicket'] },
);

our @Final = (sub {
    open my $tokens, '>', $ENV{DESK_TOKENS} or die "no tokens: $!";
    for my $name ('root', 'mariam', 'tomasz', 'numberone', 'onlooker') {
        my $owner = RT::CurrentUser->new(RT->SystemUser);
        $owner->Load($name);
        my $token = RT::AuthToken->new(RT->SystemUser);
        my ($made, $why, $secret) = $token->Create(Owner => $owner->id, Description => 'tests');
        die "no token for $name: $why" unless $made;
        print {$tokens} "$name $secret\n";
    }
    close $tokens or die "no tokens: $!";
});

1;
