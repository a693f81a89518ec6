"""The properties of a ladder: each a small judge of its own, that asks nothing of the engine's guards."""

from schedules.proof.properties.plain import Judging, PlainProperty, plain_properties
from schedules.proof.properties.rest import rest_watchers
from schedules.proof.properties.roads import road_watchers

__all__ = ["Judging", "PlainProperty", "plain_properties", "rest_watchers", "road_watchers"]
