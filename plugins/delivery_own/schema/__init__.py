"""What couriers and the desk see and do."""
