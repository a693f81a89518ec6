"""All tables in one place, so that the metadata is complete wherever it is used."""

from outreach.db.base import Base
from outreach.db.cases import (
    AttemptRow,
    CaseRow,
    ChannelEventRow,
    InboundRow,
    InstalmentRow,
    LifeEventRow,
    PauseRow,
    PaymentPlanRow,
    PressureReservationRow,
    PromiseRow,
    ReferralRow,
    StepMoveRow,
    TalkRow,
    TaskRow,
)
from outreach.db.ledger import (
    ArrearsRow,
    ColumnMappingRow,
    DeliveryRow,
    LedgerEntryRow,
    LedgerItemRow,
    PaymentRow,
    RejectedRowRow,
)
from outreach.db.people import (
    AreaRow,
    ContactPointRow,
    DwellingRow,
    HouseholdMemberRow,
    HouseholdRow,
    LandlordRow,
    PartnerRow,
    PermissionRow,
    PersonContactPointRow,
    PersonRow,
    RepresentationRow,
    TeamRow,
    TenancyPartyRow,
    TenancyRow,
)
from outreach.db.record import (
    AccessLogRow,
    ActiveDocumentRow,
    AnchorRow,
    DayRunRow,
    DocumentRow,
    EvidenceChainRow,
    EvidencePayloadRow,
    EvidenceRow,
    LeaseRow,
    SandboxEventRow,
    SandboxMessageRow,
    SimulatedTenantRow,
    UserRow,
)

__all__ = [name for name in dir() if name.endswith("Row")] + ["Base"]
