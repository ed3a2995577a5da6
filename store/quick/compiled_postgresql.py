"""The statements of ``store.quick.statements`` for postgresql, made of them.

``python -m docs.generate`` makes them anew; nobody writes here.
"""

from store.quick.driver import Compiled

SCHEMA = "0017"
"""The schema that they ask."""

STATEMENTS = {
    'ahead in hard_choices': Compiled(
        'SELECT ticket_order.ticket_id  FROM ticket_order  WHERE '
        'ticket_order.hard_choices_key < %(that_key)s ORDER BY '
        'ticket_order.hard_choices_key DESC   LIMIT %(param_1)s::INTEGER'
        , {'param_1': 1},
        {},
        (('ticket_id', ''),),
    ),
    'ahead in normal': Compiled(
        'SELECT ticket_order.ticket_id  FROM ticket_order  WHERE ticket_order.normal_key '
        '< %(that_key)s ORDER BY ticket_order.normal_key DESC   LIMIT '
        '%(param_1)s::INTEGER'
        , {'param_1': 1},
        {},
        (('ticket_id', ''),),
    ),
    'arrivals': Compiled(
        'SELECT tally.name, tally.tickets  FROM tally  WHERE tally.name >= '
        '%(first_name)s::VARCHAR AND tally.name < %(after_name)s::VARCHAR'
        , {},
        {},
        (('name', ''), ('tickets', '')),
    ),
    'assigned in hard_choices': Compiled(
        'SELECT ticket_order.ticket_id, ticket_order.hard_choices_key  FROM ticket_order'
        '  WHERE ticket_order.assignee IN (%(of_logins_1)s::VARCHAR) ORDER BY '
        'ticket_order.hard_choices_key   LIMIT %(wanted)s OFFSET %(skipped)s'
        , {},
        {'of_logins': '%(of_logins_1)s::VARCHAR'},
        (('ticket_id', ''), ('hard_choices_key', '')),
    ),
    'assigned in normal': Compiled(
        'SELECT ticket_order.ticket_id, ticket_order.normal_key  FROM ticket_order  WHERE'
        ' ticket_order.assignee IN (%(of_logins_1)s::VARCHAR) ORDER BY '
        'ticket_order.normal_key   LIMIT %(wanted)s OFFSET %(skipped)s'
        , {},
        {'of_logins': '%(of_logins_1)s::VARCHAR'},
        (('ticket_id', ''), ('normal_key', '')),
    ),
    'behind in hard_choices': Compiled(
        'SELECT ticket_order.ticket_id  FROM ticket_order  WHERE '
        'ticket_order.hard_choices_key > %(that_key)s ORDER BY '
        'ticket_order.hard_choices_key   LIMIT %(param_1)s::INTEGER'
        , {'param_1': 1},
        {},
        (('ticket_id', ''),),
    ),
    'behind in normal': Compiled(
        'SELECT ticket_order.ticket_id  FROM ticket_order  WHERE ticket_order.normal_key '
        '> %(that_key)s ORDER BY ticket_order.normal_key   LIMIT %(param_1)s::INTEGER'
        , {'param_1': 1},
        {},
        (('ticket_id', ''),),
    ),
    'block at': Compiled(
        'SELECT anon_1.start, anon_1.before  FROM (SELECT order_block.first_key AS start,'
        ' sum(order_block.tickets) OVER (ORDER BY order_block.first_key) - '
        'order_block.tickets AS before  FROM order_block  WHERE order_block.mode = '
        '%(of_mode)s::VARCHAR) AS anon_1  WHERE anon_1.before <= %(place)s::INTEGER ORDER'
        ' BY anon_1.start DESC   LIMIT %(param_1)s::INTEGER'
        , {'param_1': 1},
        {},
        (('start', ''), ('before', '')),
    ),
    "block's start": Compiled(
        'SELECT order_block_1.first_key  FROM order_block AS order_block_1  WHERE '
        'order_block_1.mode = %(of_mode)s::VARCHAR AND order_block_1.first_key <= '
        '%(that_key)s ORDER BY order_block_1.first_key DESC   LIMIT %(param_1)s::INTEGER'
        , {'param_1': 1},
        {},
        (('first_key', ''),),
    ),
    'body': Compiled(
        'SELECT body.text  FROM body  WHERE body.ticket_id = %(of_ticket)s::INTEGER'
        , {},
        {},
        (('text', ''),),
    ),
    'common values': Compiled(
        'SELECT common_value.field, common_value.value  FROM common_value  WHERE '
        'common_value.ticket_id = %(of_ticket)s::INTEGER'
        , {},
        {},
        (('field', ''), ('value', '')),
    ),
    'count before': Compiled(
        'SELECT queue_count.at, queue_count.tickets, queue_count.owed  FROM queue_count  '
        'WHERE queue_count.at < %(start)s::BIGINT ORDER BY queue_count.at DESC   LIMIT '
        '%(param_1)s::INTEGER'
        , {'param_1': 1},
        {},
        (('at', 'instant'), ('tickets', ''), ('owed', '')),
    ),
    'counts since': Compiled(
        'SELECT queue_count.at, queue_count.tickets, queue_count.owed  FROM queue_count  '
        'WHERE queue_count.at >= %(start)s::BIGINT AND queue_count.at <= %(end)s::BIGINT '
        'ORDER BY queue_count.at'
        , {},
        {},
        (('at', 'instant'), ('tickets', ''), ('owed', '')),
    ),
    'draft': Compiled(
        'SELECT draft.ticket_id, draft.login, draft.at, draft.public, draft.status, '
        'draft.text  FROM draft  WHERE draft.ticket_id = %(of_ticket)s::INTEGER AND '
        'draft.login = %(of_login)s::VARCHAR'
        , {},
        {},
        (('ticket_id', ''), ('login', ''), ('at', 'instant'), ('public', 'boolean'), ('status', ''), ('text', '')),
    ),
    'durations': Compiled(
        'SELECT duration.priority, duration.kind, duration.minutes  FROM duration  WHERE '
        'duration.ended_at >= %(since)s::BIGINT'
        , {},
        {},
        (('priority', ''), ('kind', ''), ('minutes', '')),
    ),
    'event count of a ticket': Compiled(
        'SELECT count(*) AS count_1  FROM event  WHERE event.ticket_id = '
        '%(that_ticket)s::INTEGER'
        , {},
        {},
        (('value', ''),),
    ),
    'events of a ticket': Compiled(
        'SELECT event.id, event.at, event.actor, event.kind, event.ticket_id, '
        'event.before, event.after, event.note, event.action, event.undoes, '
        'event.entered_by  FROM event  WHERE event.ticket_id = %(that_ticket)s::INTEGER '
        'ORDER BY event.id DESC'
        , {},
        {},
        (('id', ''), ('at', 'instant'), ('actor', ''), ('kind', ''), ('ticket_id', ''), ('before', 'json'), ('after', 'json'), ('note', ''), ('action', ''), ('undoes', ''), ('entered_by', '')),
    ),
    'expired in hard_choices': Compiled(
        'SELECT ticket_order.ticket_id, ticket_order.assignee, '
        'ticket_order.hard_choices_key  FROM ticket_order  WHERE '
        'ticket_order.deviation_until <= %(at)s::BIGINT'
        , {},
        {},
        (('ticket_id', ''), ('assignee', ''), ('hard_choices_key', '')),
    ),
    'expired in normal': Compiled(
        'SELECT ticket_order.ticket_id, ticket_order.assignee, ticket_order.normal_key  '
        'FROM ticket_order  WHERE ticket_order.deviation_until <= %(at)s::BIGINT'
        , {},
        {},
        (('ticket_id', ''), ('assignee', ''), ('normal_key', '')),
    ),
    'failed messages': Compiled(
        'SELECT message.id, message.ticket_id, message.source, message.external_id, '
        'message.at, message.author, message.name, message.role, message.public, '
        'message.state, message.outcome, message.attachments, message.mark, '
        'message.message_id, message.told_after, substr(message_text.text, '
        '%(substr_1)s::INTEGER, %(characters)s) AS text, length(message_text.text) AS '
        'length  FROM message JOIN message_text ON message_text.message_id = message.id  '
        'WHERE message.ticket_id IN (%(tickets_1)s::INTEGER) AND message.told_after < '
        '%(now)s::INTEGER AND message.state = %(state_1)s::VARCHAR ORDER BY message.at '
        'DESC, message.id DESC'
        , {'substr_1': 1, 'state_1': 'failed'},
        {'tickets': '%(tickets_1)s::INTEGER'},
        (('id', ''), ('ticket_id', ''), ('source', ''), ('external_id', ''), ('at', 'instant'), ('author', ''), ('name', ''), ('role', ''), ('public', 'boolean'), ('state', ''), ('outcome', ''), ('attachments', 'json'), ('mark', ''), ('message_id', ''), ('told_after', ''), ('text', ''), ('length', '')),
    ),
    'in hand in hard_choices': Compiled(
        'SELECT pick_up.ticket_id, pick_up.login, pick_up.since, ticket.priority, '
        'ticket.waiting_since, ticket.internal  FROM pick_up JOIN ticket ON ticket.id = '
        'pick_up.ticket_id JOIN ticket_order ON ticket_order.ticket_id = '
        'pick_up.ticket_id ORDER BY ticket_order.hard_choices_key'
        , {},
        {},
        (('ticket_id', ''), ('login', ''), ('since', 'instant'), ('priority', ''), ('waiting_since', 'instant'), ('internal', 'boolean')),
    ),
    'in hand in normal': Compiled(
        'SELECT pick_up.ticket_id, pick_up.login, pick_up.since, ticket.priority, '
        'ticket.waiting_since, ticket.internal  FROM pick_up JOIN ticket ON ticket.id = '
        'pick_up.ticket_id JOIN ticket_order ON ticket_order.ticket_id = '
        'pick_up.ticket_id ORDER BY ticket_order.normal_key'
        , {},
        {},
        (('ticket_id', ''), ('login', ''), ('since', 'instant'), ('priority', ''), ('waiting_since', 'instant'), ('internal', 'boolean')),
    ),
    'key in hard_choices': Compiled(
        'SELECT ticket_order.hard_choices_key  FROM ticket_order  WHERE '
        'ticket_order.ticket_id = %(that_ticket)s::INTEGER'
        , {},
        {},
        (('hard_choices_key', ''),),
    ),
    'key in normal': Compiled(
        'SELECT ticket_order.normal_key  FROM ticket_order  WHERE ticket_order.ticket_id '
        '= %(that_ticket)s::INTEGER'
        , {},
        {},
        (('normal_key', ''),),
    ),
    'last done': Compiled(
        'SELECT duration.login, max(duration.ended_at) AS at  FROM duration  WHERE '
        'duration.ended_at >= %(since)s::BIGINT GROUP BY duration.login'
        , {},
        {},
        (('login', ''), ('at', 'instant')),
    ),
    'last messages': Compiled(
        'SELECT message.id, message.ticket_id, message.source, message.external_id, '
        'message.at, message.author, message.name, message.role, message.public, '
        'message.state, message.outcome, message.attachments, message.mark, '
        'message.message_id, message.told_after, substr(message_text.text, '
        '%(substr_1)s::INTEGER, %(characters)s) AS text, length(message_text.text) AS '
        'length  FROM message JOIN message_text ON message_text.message_id = message.id  '
        'WHERE message.ticket_id IN (%(tickets_1)s::INTEGER) AND message.told_after < '
        '%(now)s::INTEGER AND message.state IN (%(state_1_1)s::VARCHAR, '
        '%(state_1_2)s::VARCHAR, %(state_1_3)s::VARCHAR, %(state_1_4)s::VARCHAR) ORDER BY'
        ' message.at DESC, message.id DESC   LIMIT %(newest)s'
        , {'substr_1': 1, 'state_1_1': 'failed', 'state_1_2': 'received', 'state_1_3': 'sending', 'state_1_4': 'sent'},
        {'tickets': '%(tickets_1)s::INTEGER'},
        (('id', ''), ('ticket_id', ''), ('source', ''), ('external_id', ''), ('at', 'instant'), ('author', ''), ('name', ''), ('role', ''), ('public', 'boolean'), ('state', ''), ('outcome', ''), ('attachments', 'json'), ('mark', ''), ('message_id', ''), ('told_after', ''), ('text', ''), ('length', '')),
    ),
    'late': Compiled(
        'SELECT count(*) AS tickets  FROM (SELECT ticket_order.ticket_id AS ticket_id  '
        'FROM ticket_order  WHERE ticket_order.respond_by < %(that_time)s::BIGINT   LIMIT'
        ' %(param_1)s::INTEGER) AS anon_1'
        , {'param_1': 1000},
        {},
        (('tickets', ''),),
    ),
    'latest event': Compiled(
        'SELECT max(event.id) AS max_1  FROM event'
        , {},
        {},
        (('value', ''),),
    ),
    'learnt': Compiled(
        'SELECT learnt.priority, learnt.correction, learnt.until  FROM learnt'
        , {},
        {},
        (('priority', ''), ('correction', ''), ('until', 'instant')),
    ),
    'members': Compiled(
        'SELECT member.entry  FROM member ORDER BY member.place'
        , {},
        {},
        (('entry', 'json'),),
    ),
    'merged into': Compiled(
        'SELECT ticket.id  FROM ticket  WHERE ticket.merged_into IN (%(into_1)s::INTEGER)'
        , {},
        {'into': '%(into_1)s::INTEGER'},
        (('id', ''),),
    ),
    'message counts': Compiled(
        'SELECT count(*) AS there, count(message.external_id) FILTER (WHERE '
        'message.ticket_id = %(of_ticket)s::INTEGER AND message.source = '
        '%(of_source)s::VARCHAR) AS told_there, count(*) FILTER (WHERE message.state = '
        '%(state_1)s::VARCHAR) AS failed  FROM message  WHERE message.state IN '
        '(%(state_2_1)s::VARCHAR, %(state_2_2)s::VARCHAR, %(state_2_3)s::VARCHAR, '
        '%(state_2_4)s::VARCHAR) AND message.ticket_id IN (%(tickets_1)s::INTEGER) AND '
        'message.told_after < %(now)s::INTEGER'
        , {'state_1': 'failed', 'state_2_1': 'failed', 'state_2_2': 'received', 'state_2_3': 'sending', 'state_2_4': 'sent'},
        {'tickets': '%(tickets_1)s::INTEGER'},
        (('there', ''), ('told_there', ''), ('failed', '')),
    ),
    'newest events of a ticket': Compiled(
        'SELECT event.id, event.at, event.actor, event.kind, event.ticket_id, '
        'event.before, event.after, event.note, event.action, event.undoes, '
        'event.entered_by  FROM event  WHERE event.ticket_id = %(that_ticket)s::INTEGER '
        'ORDER BY event.id DESC   LIMIT %(newest)s'
        , {},
        {},
        (('id', ''), ('at', 'instant'), ('actor', ''), ('kind', ''), ('ticket_id', ''), ('before', 'json'), ('after', 'json'), ('note', ''), ('action', ''), ('undoes', ''), ('entered_by', '')),
    ),
    'next end': Compiled(
        'SELECT min(ticket_order.deviation_until) AS min_1  FROM ticket_order  WHERE '
        'ticket_order.deviation_until > %(at)s::BIGINT'
        , {},
        {},
        (('value', 'instant'),),
    ),
    "number of a ticket's name": Compiled(
        'SELECT ticket.id  FROM ticket  WHERE ticket.source = %(of_source)s::VARCHAR AND '
        'ticket.external_id = %(name_there)s::VARCHAR'
        , {},
        {},
        (('id', ''),),
    ),
    'order in hard_choices': Compiled(
        'SELECT ticket_order.ticket_id, ticket_order.hard_choices_key  FROM ticket_order '
        'ORDER BY ticket_order.hard_choices_key'
        , {},
        {},
        (('ticket_id', ''), ('hard_choices_key', '')),
    ),
    'order in normal': Compiled(
        'SELECT ticket_order.ticket_id, ticket_order.normal_key  FROM ticket_order ORDER '
        'BY ticket_order.normal_key'
        , {},
        {},
        (('ticket_id', ''), ('normal_key', '')),
    ),
    'origin': Compiled(
        'SELECT connection.name, connection.settings, ticket.external_id, ticket.imported'
        '  FROM connection JOIN ticket ON ticket.source = connection.name  WHERE '
        'ticket.id = %(of_ticket)s::INTEGER'
        , {},
        {},
        (('name', ''), ('settings', 'json'), ('external_id', ''), ('imported', 'json')),
    ),
    'place in hard_choices': Compiled(
        'SELECT (SELECT coalesce(sum(order_block.tickets), %(coalesce_2)s::INTEGER) AS '
        'coalesce_1  FROM order_block  WHERE order_block.mode = %(of_mode)s::VARCHAR AND '
        'order_block.first_key < %(start)s) + (SELECT count(*) AS count_1  FROM '
        'ticket_order  WHERE ticket_order.hard_choices_key >= %(start)s AND '
        'ticket_order.hard_choices_key < %(that_key)s) AS place'
        , {'coalesce_2': 0},
        {},
        (('place', ''),),
    ),
    'place in normal': Compiled(
        'SELECT (SELECT coalesce(sum(order_block.tickets), %(coalesce_2)s::INTEGER) AS '
        'coalesce_1  FROM order_block  WHERE order_block.mode = %(of_mode)s::VARCHAR AND '
        'order_block.first_key < %(start)s) + (SELECT count(*) AS count_1  FROM '
        'ticket_order  WHERE ticket_order.normal_key >= %(start)s AND '
        'ticket_order.normal_key < %(that_key)s) AS place'
        , {'coalesce_2': 0},
        {},
        (('place', ''),),
    ),
    'promises': Compiled(
        'SELECT notice.made_at, notice.expect_by, notice.promised, '
        'notice_ticket.ticket_id, notice_ticket.answered_at, notice_ticket.ended_at, '
        'staffed_work.steps  FROM notice JOIN notice_ticket ON notice_ticket.notice_id = '
        'notice.id LEFT OUTER JOIN staffed_work ON staffed_work.at = notice.made_at  '
        'WHERE notice.state = %(state_1)s::VARCHAR AND notice.expect_by > '
        '%(since)s::BIGINT ORDER BY notice.expect_by, notice.id'
        , {'state_1': 'sent'},
        {},
        (('made_at', 'instant'), ('expect_by', 'instant'), ('promised', 'json'), ('ticket_id', ''), ('answered_at', 'instant'), ('ended_at', 'instant'), ('steps', 'json')),
    ),
    'ranked in hard_choices': Compiled(
        'SELECT ticket_order.ticket_id, ticket_order.hard_choices_key  FROM ticket_order'
        '  WHERE ticket_order.hard_choices_key >= %(start)s ORDER BY '
        'ticket_order.hard_choices_key   LIMIT %(wanted)s OFFSET %(skipped)s'
        , {},
        {},
        (('ticket_id', ''), ('hard_choices_key', '')),
    ),
    'ranked in normal': Compiled(
        'SELECT ticket_order.ticket_id, ticket_order.normal_key  FROM ticket_order  WHERE'
        ' ticket_order.normal_key >= %(start)s ORDER BY ticket_order.normal_key   LIMIT '
        '%(wanted)s OFFSET %(skipped)s'
        , {},
        {},
        (('ticket_id', ''), ('normal_key', '')),
    ),
    'refused steps': Compiled(
        'SELECT outgoing_step.kind, outgoing_step.connection, outgoing_step.outcome  FROM'
        ' outgoing_step  WHERE outgoing_step.ticket_id = %(of_ticket)s::INTEGER AND '
        'outgoing_step.state = %(state_1)s::VARCHAR AND (outgoing_step.kind NOT IN '
        '(%(kind_1_1)s::VARCHAR, %(kind_1_2)s::VARCHAR)) ORDER BY outgoing_step.id DESC'
        , {'state_1': 'failed', 'kind_1_1': 'answer', 'kind_1_2': 'note'},
        {},
        (('kind', ''), ('connection', ''), ('outcome', '')),
    ),
    'settings': Compiled(
        'SELECT setting.name, setting.value  FROM setting  WHERE (setting.name NOT LIKE '
        "%(name_1)s::VARCHAR || '%%' ESCAPE '/')"
        , {'name_1': 'alerts '},
        {},
        (('name', ''), ('value', 'json')),
    ),
    'ticket': Compiled(
        'SELECT ticket.id, ticket.source, ticket.external_id, ticket.subject, '
        'customer.name AS customer, ticket.tier, ticket.severity, ticket.opened_by, '
        'ticket.status, ticket.received_at, ticket.because, ticket.version, '
        'ticket.assignee, ticket.first_response_at, ticket.last_response_at, '
        'ticket.last_customer_message_at, ticket.settled_at, ticket.solved_at, '
        'ticket.waiting_since, ticket.internal, ticket.respond_by, ticket.aim_by, '
        'ticket.update_by, ticket.resolve_by, ticket.paused, ticket.defined_priority, '
        'ticket.assigned_priority, ticket.declined, ticket.deviation, ticket.url, '
        'ticket.message_id, ticket.language, ticket.tags, ticket.facts, ticket.context, '
        'ticket.escalation, ticket.handed_over, ticket.review, ticket.merged_into, '
        'ticket.split_from, ticket.continued_in, requester.name AS requester_name, '
        'requester.email AS requester_email, requester.timezone AS requester_timezone  '
        'FROM ticket JOIN customer ON ticket.customer_id = customer.id LEFT OUTER JOIN '
        'requester ON ticket.requester_id = requester.id  WHERE ticket.id = '
        '%(number)s::BIGINT'
        , {},
        {},
        (('id', ''), ('source', ''), ('external_id', ''), ('subject', ''), ('customer', ''), ('tier', 'tier'), ('severity', 'severity'), ('opened_by', ''), ('status', ''), ('received_at', 'instant'), ('because', ''), ('version', ''), ('assignee', ''), ('first_response_at', 'instant'), ('last_response_at', 'instant'), ('last_customer_message_at', 'instant'), ('settled_at', 'instant'), ('solved_at', 'instant'), ('waiting_since', 'instant'), ('internal', 'boolean'), ('respond_by', 'instant'), ('aim_by', 'instant'), ('update_by', 'instant'), ('resolve_by', 'instant'), ('paused', 'json'), ('defined_priority', ''), ('assigned_priority', 'json'), ('declined', ''), ('deviation', 'json'), ('url', ''), ('message_id', ''), ('language', ''), ('tags', ''), ('facts', 'json'), ('context', 'json'), ('escalation', 'json'), ('handed_over', 'json'), ('review', 'json'), ('merged_into', ''), ('split_from', ''), ('continued_in', ''), ('requester_name', ''), ('requester_email', ''), ('requester_timezone', '')),
    ),
    "ticket's number": Compiled(
        'SELECT ticket.id  FROM ticket  WHERE ticket.id = %(number)s::BIGINT'
        , {},
        {},
        (('id', ''),),
    ),
    'tickets': Compiled(
        'SELECT ticket.id, ticket.source, ticket.external_id, ticket.subject, '
        'customer.name AS customer, ticket.tier, ticket.severity, ticket.opened_by, '
        'ticket.status, ticket.received_at, ticket.because, ticket.version, '
        'ticket.assignee, ticket.first_response_at, ticket.last_response_at, '
        'ticket.last_customer_message_at, ticket.settled_at, ticket.solved_at, '
        'ticket.waiting_since, ticket.internal, ticket.respond_by, ticket.aim_by, '
        'ticket.update_by, ticket.resolve_by, ticket.paused, ticket.defined_priority, '
        'ticket.assigned_priority, ticket.declined, ticket.deviation, ticket.url, '
        'ticket.message_id, ticket.language, ticket.tags, ticket.facts, ticket.context, '
        'ticket.escalation, ticket.handed_over, ticket.review, ticket.merged_into, '
        'ticket.split_from, ticket.continued_in, requester.name AS requester_name, '
        'requester.email AS requester_email, requester.timezone AS requester_timezone  '
        'FROM ticket JOIN customer ON ticket.customer_id = customer.id LEFT OUTER JOIN '
        'requester ON ticket.requester_id = requester.id  WHERE ticket.id IN '
        '(%(ids_1)s::INTEGER)'
        , {},
        {'ids': '%(ids_1)s::INTEGER'},
        (('id', ''), ('source', ''), ('external_id', ''), ('subject', ''), ('customer', ''), ('tier', 'tier'), ('severity', 'severity'), ('opened_by', ''), ('status', ''), ('received_at', 'instant'), ('because', ''), ('version', ''), ('assignee', ''), ('first_response_at', 'instant'), ('last_response_at', 'instant'), ('last_customer_message_at', 'instant'), ('settled_at', 'instant'), ('solved_at', 'instant'), ('waiting_since', 'instant'), ('internal', 'boolean'), ('respond_by', 'instant'), ('aim_by', 'instant'), ('update_by', 'instant'), ('resolve_by', 'instant'), ('paused', 'json'), ('defined_priority', ''), ('assigned_priority', 'json'), ('declined', ''), ('deviation', 'json'), ('url', ''), ('message_id', ''), ('language', ''), ('tags', ''), ('facts', 'json'), ('context', 'json'), ('escalation', 'json'), ('handed_over', 'json'), ('review', 'json'), ('merged_into', ''), ('split_from', ''), ('continued_in', ''), ('requester_name', ''), ('requester_email', ''), ('requester_timezone', '')),
    ),
    'time off': Compiled(
        'SELECT time_off.id, time_off.login, time_off.start, time_off.until, '
        'time_off.reason, time_off.entered_by, time_off.source, time_off.starts_with_day,'
        ' time_off.ends_with_day  FROM time_off ORDER BY time_off.id'
        , {},
        {},
        (('id', ''), ('login', ''), ('start', 'instant'), ('until', 'instant'), ('reason', ''), ('entered_by', ''), ('source', ''), ('starts_with_day', 'boolean'), ('ends_with_day', 'boolean')),
    ),
    'waiting tickets': Compiled(
        'SELECT ticket.id, ticket.priority, ticket.waiting_since, ticket.internal, '
        'ticket.aim_by  FROM ticket  WHERE ticket.id IN (%(ids_1)s::INTEGER)'
        , {},
        {'ids': '%(ids_1)s::INTEGER'},
        (('id', ''), ('priority', ''), ('waiting_since', 'instant'), ('internal', 'boolean'), ('aim_by', 'instant')),
    ),
    'whole counts': Compiled(
        'SELECT tally.name, tally.tickets  FROM tally  WHERE tally.name IN '
        '(%(name_1_1)s::VARCHAR, %(name_1_2)s::VARCHAR, %(name_1_3)s::VARCHAR, '
        '%(name_1_4)s::VARCHAR, %(name_1_5)s::VARCHAR)'
        , {'name_1_1': 'all', 'name_1_2': 'queue', 'name_1_3': 'declined', 'name_1_4': 'parked', 'name_1_5': 'owed'},
        {},
        (('name', ''), ('tickets', '')),
    ),
}
"""The statements by their names."""
