"""The account of one simulated tenancy, to the cent: what was charged is paid, open or written off."""

from datetime import date


class Account:
    """Open items of one tenancy, oldest first, with the totals of all that ever happened."""

    def __init__(self) -> None:
        self.items: list[tuple[date, int]] = []
        self.charged_cents = self.paid_cents = self.written_off_cents = 0

    @property
    def open_cents(self) -> int:
        """Return what is open."""
        return sum(cents for _, cents in self.items)

    def charge(self, due_on: date, cents: int) -> None:
        """Add a charge; it is open until it is paid."""
        self.charged_cents += cents
        self.items.append((due_on, cents))

    def pay(self, cents: int) -> int:
        """Book a payment on the oldest items first; return what could be booked."""
        left, kept = cents, []
        for due_on, still_open in self.items:
            part = min(left, still_open)
            left -= part
            if still_open > part:
                kept.append((due_on, still_open - part))
        self.items = kept
        self.paid_cents += cents - left
        return cents - left

    def pay_item(self, due_on: date) -> int:
        """Pay what is open of the charge of one day; return the cents."""
        cents = sum(each for day, each in self.items if day == due_on)
        self.items = [item for item in self.items if item[0] != due_on]
        self.paid_cents += cents
        return cents

    def write_off(self) -> int:
        """Write off all that is open; return the cents."""
        cents = self.open_cents
        self.items = []
        self.written_off_cents += cents
        return cents

    def overdue(self, today: date) -> tuple[int, date | None]:
        """Return the cents whose due date has passed, and the oldest such date."""
        passed = [item for item in self.items if item[0] < today]
        return sum(cents for _, cents in passed), min((day for day, _ in passed), default=None)
