"""Whatever calendar programs call a time zone, it is the right one or none."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from connections.calendars.calendar_parts import calendars_in
from connections.calendars.calendar_zones import CalendarZones, zone_called

KNOWN = """
(UTC-12:00) International Date Line West | Etc/GMT+12
(UTC-11:00) Coordinated Universal Time-11 | Etc/GMT+11
(UTC-10:00) Aleutian Islands | America/Adak
(UTC-10:00) Hawaii | Pacific/Honolulu
(UTC-09:30) Marquesas Islands | Pacific/Marquesas
(UTC-09:00) Alaska | America/Anchorage
(UTC-09:00) Coordinated Universal Time-09 | Etc/GMT+9
(UTC-08:00) Baja California | America/Tijuana
(UTC-08:00) Coordinated Universal Time-08 | Etc/GMT+8
(UTC-08:00) Pacific Time (US & Canada) | America/Los_Angeles
(GMT-08:00) Pacific Time (US & Canada); Tijuana | America/Los_Angeles
(GMT-08:00) Tijuana, Baja California | America/Tijuana
(UTC-07:00) Arizona | America/Phoenix
(UTC-07:00) Chihuahua, La Paz, Mazatlan | America/Mazatlan
(UTC-07:00) La Paz, Mazatlan | America/Mazatlan
(UTC-07:00) Mountain Time (US & Canada) | America/Denver
(UTC-07:00) Yukon | America/Whitehorse
(UTC-06:00) Central America | America/Guatemala
(UTC-06:00) Central Time (US & Canada) | America/Chicago
(UTC-06:00) Easter Island | Pacific/Easter
(UTC-06:00) Guadalajara, Mexico City, Monterrey | America/Mexico_City
(UTC-06:00) Saskatchewan | America/Regina
(UTC-05:00) Bogota, Lima, Quito, Rio Branco | America/Bogota
(UTC-05:00) Chetumal | America/Cancun
(UTC-05:00) Eastern Time (US & Canada) | America/New_York
(UTC-05:00) Eastern Time (US and Canada) | America/New_York
(UTC-05:00) Haiti | America/Port-au-Prince
(UTC-05:00) Havana | America/Havana
(UTC-05:00) Indiana (East) | America/Indianapolis
(UTC-05:00) Turks and Caicos | America/Grand_Turk
(UTC-04:00) Asuncion | America/Asuncion
(UTC-04:00) Atlantic Time (Canada) | America/Halifax
(UTC-04:00) Caracas | America/Caracas
(UTC-04:30) Caracas | America/Caracas
(UTC-04:00) Cuiaba | America/Cuiaba
(UTC-04:00) Georgetown, La Paz, Manaus, San Juan | America/La_Paz
(UTC-04:00) Santiago | America/Santiago
(UTC-03:30) Newfoundland | America/St_Johns
(UTC-03:00) Araguaina | America/Araguaina
(UTC-03:00) Brasilia | America/Sao_Paulo
(UTC-03:00) Cayenne, Fortaleza | America/Cayenne
(UTC-03:00) City of Buenos Aires | America/Buenos_Aires
(UTC-03:00) Buenos Aires, Georgetown | America/Buenos_Aires
(UTC-03:00) Greenland | America/Godthab
(UTC-02:00) Greenland | America/Godthab
(UTC-03:00) Montevideo | America/Montevideo
(UTC-03:00) Punta Arenas | America/Punta_Arenas
(UTC-03:00) Saint Pierre and Miquelon | America/Miquelon
(UTC-03:00) Salvador | America/Bahia
(UTC-02:00) Coordinated Universal Time-02 | Etc/GMT+2
(UTC-01:00) Azores | Atlantic/Azores
(UTC-01:00) Cabo Verde Is. | Atlantic/Cape_Verde
(UTC-01:00) Cape Verde Is. | Atlantic/Cape_Verde
(UTC) Coordinated Universal Time | Etc/UTC
(UTC+00:00) Dublin, Edinburgh, Lisbon, London | Europe/London
(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London | Europe/London
(UTC+00:00) Monrovia, Reykjavik | Atlantic/Reykjavik
(UTC+00:00) Sao Tome | Africa/Sao_Tome
(UTC+01:00) Casablanca | Africa/Casablanca
(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna | Europe/Berlin
(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna | Europe/Berlin
(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien | Europe/Berlin
(UTC+01:00) Belgrade, Bratislava, Budapest, Ljubljana, Prague | Europe/Budapest
(UTC+01:00) Brussels, Copenhagen, Madrid, Paris | Europe/Paris
(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb | Europe/Warsaw
(UTC+01:00) West Central Africa | Africa/Lagos
(UTC+02:00) Athens, Bucharest | Europe/Bucharest
(UTC+02:00) Beirut | Asia/Beirut
(UTC+02:00) Cairo | Africa/Cairo
(UTC+02:00) Chisinau | Europe/Chisinau
(UTC+02:00) Gaza, Hebron | Asia/Hebron
(UTC+02:00) Harare, Pretoria | Africa/Johannesburg
(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius | Europe/Kiev
(UTC+02:00) Jerusalem | Asia/Jerusalem
(UTC+02:00) Juba | Africa/Juba
(UTC+02:00) Kaliningrad | Europe/Kaliningrad
(UTC+02:00) Khartoum | Africa/Khartoum
(UTC+02:00) Tripoli | Africa/Tripoli
(UTC+02:00) Windhoek | Africa/Windhoek
(UTC+03:00) Amman | Asia/Amman
(UTC+03:00) Baghdad | Asia/Baghdad
(UTC+03:00) Damascus | Asia/Damascus
(UTC+03:00) Istanbul | Europe/Istanbul
(UTC+03:00) Kuwait, Riyadh | Asia/Riyadh
(UTC+03:00) Minsk | Europe/Minsk
(UTC+03:00) Moscow, St. Petersburg | Europe/Moscow
(UTC+03:00) Nairobi | Africa/Nairobi
(UTC+03:00) Volgograd | Europe/Volgograd
(UTC+03:30) Tehran | Asia/Tehran
(UTC+04:00) Abu Dhabi, Muscat | Asia/Dubai
(UTC+04:00) Astrakhan, Ulyanovsk | Europe/Astrakhan
(UTC+04:00) Baku | Asia/Baku
(UTC+04:00) Izhevsk, Samara | Europe/Samara
(UTC+04:00) Port Louis | Indian/Mauritius
(UTC+04:00) Saratov | Europe/Saratov
(UTC+04:00) Tbilisi | Asia/Tbilisi
(UTC+04:00) Yerevan | Asia/Yerevan
(UTC+04:30) Kabul | Asia/Kabul
(UTC+05:00) Ashgabat, Tashkent | Asia/Tashkent
(UTC+05:00) Ekaterinburg | Asia/Yekaterinburg
(UTC+05:00) Islamabad, Karachi | Asia/Karachi
(UTC+05:00) Qyzylorda | Asia/Qyzylorda
(UTC+05:00) Astana | Asia/Qyzylorda
(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi | Asia/Calcutta
(UTC+05:30) Sri Jayawardenepura | Asia/Colombo
(UTC+05:45) Kathmandu | Asia/Katmandu
(UTC+06:00) Bishkek | Asia/Bishkek
(UTC+06:00) Dhaka | Asia/Dhaka
(UTC+06:00) Astana, Dhaka | Asia/Dhaka
(UTC+06:00) Omsk | Asia/Omsk
(UTC+06:30) Yangon (Rangoon) | Asia/Rangoon
(UTC+07:00) Bangkok, Hanoi, Jakarta | Asia/Bangkok
(UTC+07:00) Barnaul, Gorno-Altaysk | Asia/Barnaul
(UTC+07:00) Hovd | Asia/Hovd
(UTC+07:00) Krasnoyarsk | Asia/Krasnoyarsk
(UTC+07:00) Novosibirsk | Asia/Novosibirsk
(UTC+07:00) Tomsk | Asia/Tomsk
(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi | Asia/Shanghai
(UTC+08:00) Irkutsk | Asia/Irkutsk
(UTC+08:00) Kuala Lumpur, Singapore | Asia/Singapore
(UTC+08:00) Perth | Australia/Perth
(UTC+08:00) Taipei | Asia/Taipei
(UTC+08:00) Ulaanbaatar | Asia/Ulaanbaatar
(UTC+08:45) Eucla | Australia/Eucla
(UTC+09:00) Chita | Asia/Chita
(UTC+09:00) Osaka, Sapporo, Tokyo | Asia/Tokyo
(UTC+09:00) Pyongyang | Asia/Pyongyang
(UTC+09:00) Seoul | Asia/Seoul
(UTC+09:00) Yakutsk | Asia/Yakutsk
(UTC+09:30) Adelaide | Australia/Adelaide
(UTC+09:30) Darwin | Australia/Darwin
(UTC+10:00) Brisbane | Australia/Brisbane
(UTC+10:00) Canberra, Melbourne, Sydney | Australia/Sydney
(GMT+10:00) Canberra, Melbourne, Sydney | Australia/Sydney
(UTC+10:00) Guam, Port Moresby | Pacific/Port_Moresby
(UTC+10:00) Hobart | Australia/Hobart
(UTC+10:00) Vladivostok | Asia/Vladivostok
(UTC+10:30) Lord Howe Island | Australia/Lord_Howe
(UTC+11:00) Bougainville Island | Pacific/Bougainville
(UTC+11:00) Chokurdakh | Asia/Srednekolymsk
(UTC+11:00) Magadan | Asia/Magadan
(UTC+11:00) Norfolk Island | Pacific/Norfolk
(UTC+11:00) Sakhalin | Asia/Sakhalin
(UTC+11:00) Solomon Is., New Caledonia | Pacific/Guadalcanal
(UTC+12:00) Anadyr, Petropavlovsk-Kamchatsky | Asia/Kamchatka
(UTC+12:00) Auckland, Wellington | Pacific/Auckland
(UTC+12:00) Coordinated Universal Time+12 | Etc/GMT-12
(UTC+12:00) Fiji | Pacific/Fiji
(UTC+12:45) Chatham Islands | Pacific/Chatham
(UTC+13:00) Nuku'alofa | Pacific/Tongatapu
(UTC+13:00) Samoa | Pacific/Apia
(UTC-11:00) Midway Island, Samoa | Pacific/Pago_Pago
(UTC+14:00) Kiritimati Island | Pacific/Kiritimati
Eastern Standard Time | America/New_York
Eastern Standard Time 1 | America/New_York
Eastern Daylight Time | America/New_York
W. Europe Standard Time | Europe/Berlin
AUS Eastern Standard Time | Australia/Sydney
tzone://Microsoft/Utc | UTC
UTC | UTC
GMT | UTC
GMT+0200 | Etc/GMT-2
GMT-05:00 | Etc/GMT+5
UTC+2 | Etc/GMT-2
+02:00 | Etc/GMT-2
europe/berlin | Europe/Berlin
"Europe/Berlin" | Europe/Berlin
/mozilla.org/20050126_1/Europe/Berlin | Europe/Berlin
/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires | America/Buenos_Aires
/citadel.org/20190914_1/Europe/Berlin | Europe/Berlin
US-Eastern | America/New_York
US/Eastern | America/New_York
Eastern Time (US & Canada) | America/New_York
Pacific Time (US and Canada) | America/Los_Angeles
Berlin | Europe/Berlin
(GMT-06:00) Saskatchewan | America/Regina
(GMT-03:00) Greenland | America/Godthab
GMT Standard Time | Europe/London
Romance Standard Time | Europe/Paris
E. Australia Standard Time | Australia/Brisbane
"""
"""What calendar programs write, and the zone whose clocks are meant."""

TIMES = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(0, 800, 5)]


def described(*lines: str) -> CalendarZones:
    text = "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""])
    [calendar] = calendars_in(text.encode())
    return CalendarZones(calendar)


@pytest.mark.parametrize("line", KNOWN.strip().splitlines())
def test_a_name_that_programs_write_is_that_zone(line: str) -> None:
    name, _, meant = line.partition(" | ")
    zone = zone_called(name)
    assert zone is not None
    wanted = ZoneInfo(meant)
    assert [time.astimezone(zone).utcoffset() for time in TIMES] == [
        time.astimezone(wanted).utcoffset() for time in TIMES
    ]


@pytest.mark.parametrize("name", WINDOWS_TO_OLSON)
def test_every_name_of_windows_is_known_in_any_case_and_numbered(name: str) -> None:
    for written in (name, name.upper(), f"{name} 1", f'"{name}"', f"/{name}"):
        zone = zone_called(written)
        assert zone is not None
        meant = ZoneInfo(WINDOWS_TO_OLSON[name])
        assert TIMES[0].astimezone(zone).utcoffset() == TIMES[0].astimezone(meant).utcoffset()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "(",
        "()",
        "+",
        "/",
        "Customized Time Zone",
        "Mars/Olympus",
        "(UTC+01:00) Nowhere",
        "tzone://Microsoft/Custom",
        "../../etc/passwd",
        "Europe",
        "a" * 10_000,
        "\x00",
        "[/]",
    ],
)
def test_what_is_none_is_none(name: str) -> None:
    assert zone_called(name) is None


def test_an_offset_beyond_any_zone_is_no_error() -> None:
    assert zone_called("GMT+99:99") is not None


class TestDescribed:
    STANDARD = (
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0300",
        "TZOFFSETTO:+0300",
        "END:STANDARD",
    )

    def offset(self, zones: CalendarZones, name: str) -> timedelta | None:
        zone = zones.zone(name)
        assert zone is not None
        return TIMES[0].astimezone(zone).utcoffset()

    @pytest.mark.parametrize(
        "name",
        ["Ours", "Customized Time Zone", "tzone://Microsoft/Custom", "W. Europe Standard Time"],
    )
    def test_a_calendar_describes_its_own_and_that_goes_before_any_table(self, name: str) -> None:
        zones = described("BEGIN:VTIMEZONE", f"TZID:{name}", *self.STANDARD, "END:VTIMEZONE")
        assert self.offset(zones, name) == timedelta(hours=3)

    def test_but_not_before_the_worlds_own_names(self) -> None:
        zones = described("BEGIN:VTIMEZONE", "TZID:Asia/Tokyo", *self.STANDARD, "END:VTIMEZONE")
        assert self.offset(zones, "Asia/Tokyo") == timedelta(hours=9)

    @pytest.mark.parametrize(
        "lines",
        [
            (),
            ("BEGIN:STANDARD", "END:STANDARD"),
            (*STANDARD, "TZID:America/Los_Angeles"),
            ("BEGIN:STANDARD", "DTSTART:never", "TZOFFSETTO:+0300", "END:STANDARD"),
            (*STANDARD[:-2], "TZOFFSETTO:lots", "END:STANDARD"),
            (*STANDARD[:-1], "RRULE:FREQ=SECONDLY", "END:STANDARD"),
            (*STANDARD[:-1], "RRULE:FREQ=YEARLY;INTERVAL=0", "END:STANDARD"),
            (*STANDARD[:-1], "RRULE:FREQ=YEARLY;BYHOUR=1,2", "END:STANDARD"),
            (*STANDARD[:-1], *["RDATE:20260101T000000"] * 1000, "END:STANDARD"),
        ],
    )
    def test_one_that_cannot_be_read_is_looked_up_by_its_name(self, lines: tuple[str, ...]) -> None:
        name = "(UTC-05:00) Eastern Time (US & Canada)"
        zones = described("BEGIN:VTIMEZONE", f"TZID:{name}", *lines, "END:VTIMEZONE")
        assert zones.zone(name) == ZoneInfo("America/New_York")
        assert zones.zone("Nowhere") is None

    def test_what_else_is_said_of_it_does_no_harm(self) -> None:
        more = ("X-LIC-LOCATION:here", "TZURL:http://x", "and more", "LAST-MODIFIED:once")
        inside = ("X-PROP:x", "TZNAME:East", "COMMENT:c")
        zones = described(
            "BEGIN:VTIMEZONE",
            "TZID:Ours",
            *more,
            *self.STANDARD[:-1],
            *inside,
            "END:STANDARD",
            "END:VTIMEZONE",
        )
        assert self.offset(zones, "Ours") == timedelta(hours=3)
