"""The time zone that this terminal is in, as the system knows it."""

from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """The system's own zone, with all its clock changes; every time is in it."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Return how far local clocks are ahead of UTC when they show ``moment``."""
        return None if moment is None else _shown(moment).utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:  # noqa: ARG002 - as in tzinfo
        """Return None: the system does not say how much of the offset is summer time."""
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        """Return the zone's short name then, such as CET."""
        return None if moment is None else _shown(moment).tzname()

    def fromutc(self, moment: datetime) -> datetime:
        """Return what local clocks show at ``moment``, which is UTC but marked as this zone."""
        shown = moment.replace(tzinfo=UTC).astimezone()
        local = shown.replace(tzinfo=self)
        if local.utcoffset() == shown.utcoffset():
            return local
        return local.replace(fold=1)  # the second time that clocks show this


def _shown(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None).astimezone()
