"""What may be done with members."""

from core.permission import Permission

READ = Permission("members.read", "See members, with phone numbers masked")
READ_CONTACT = Permission("members.read_contact", "See phone numbers and addresses in full")
