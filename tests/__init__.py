"""Tests of the four packages, by kind: unit, integration, contracts, golden, browser, house."""
