"""What stored value knows of members, beside the ledger."""

from core.personal import KEPT_AS_IT_IS, PersonalData, moved

PERSONAL_DATA = [
    PersonalData(table="value_top_up", holds="What was paid in", merging=moved("value_top_up"), erasing=KEPT_AS_IT_IS),
]
