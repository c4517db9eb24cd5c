"""Those who deliver, on this machine: each speaks its protocol, checks signatures, and has couriers who ride."""

from hexmart.simulators.couriers.carrier import Carrier, Misbehaviour
from hexmart.simulators.couriers.dada import Dada
from hexmart.simulators.couriers.fengniao import Fengniao
from hexmart.simulators.couriers.orders import Order, Rider
from hexmart.simulators.couriers.sf import Sf

__all__ = ["Carrier", "Dada", "Fengniao", "Misbehaviour", "Order", "Rider", "Sf"]
