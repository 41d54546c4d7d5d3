"""The baseline that an office would follow by hand: the earliest deadline chooses first, and takes what ends first."""

from __future__ import annotations

from participants.planning.problem import Person, Problem


def earliest_deadline_first(problem: Problem) -> dict[int, int | None]:
    """Seat people in the order of their deadlines, each on the soonest ending timely seat that is left.

    When late seats are allowed, who is left over takes the soonest ending of what remains. Moves by hand come first.
    """
    by_end = sorted(problem.offers, key=lambda offer: (offer.ends_on, offer.key))
    left = {offer.key: offer.seats for offer in by_end}
    seating: dict[int, int | None] = {}
    waiting: list[Person] = []
    for person in sorted(problem.people, key=lambda one: (one.deadline, one.key)):
        if person.pinned is not None or person.is_out:
            seating[person.key] = person.pinned
            if person.pinned is not None:
                left[person.pinned] -= 1
        else:
            waiting.append(person)
    for late_round in (False, True) if problem.rules.allow_late else (False,):
        for person in waiting:
            if seating.get(person.key) is not None:
                continue
            seating[person.key] = None
            for offer in by_end:
                if left[offer.key] > 0 and problem.block(person, offer) is None and (late_round or offer.ends_on <= person.deadline):
                    seating[person.key] = offer.key
                    left[offer.key] -= 1
                    break
    return seating
