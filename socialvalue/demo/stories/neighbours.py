"""Two more members of the region, with little: Coventry, which withholds its figures from it, and Solihull."""

from __future__ import annotations

from socialvalue.demo.stories.shape import Course, Ending, Story, Turn, ask

PLACE = "Place and Growth"
CORPORATE = "Corporate Services"

STORIES = (
    Story(
        key="ring-road-trees", authority="coventry", title="Trees and verges along the ring road",
        category="services", estimate="240000", ending=Ending.DELIVERING, cpv="77313000",
        directorate=PLACE, starts=-5, quarters=8, weighting="20", place="coventry",
        asks=(ask("ENV7", "240", "120"), ask("GSE1", "1.6")),
        bidders=("tumbledown",), course=Course.STEADY,
    ),
    Story(
        key="market-hall-heating", authority="solihull", title="New heating for a market hall",
        category="works", estimate="420000", ending=Ending.DELIVERING, cpv="45331100",
        directorate=PLACE, starts=-5, quarters=6, weighting="15", place="solihull",
        asks=(ask("GSE7", "104", "52"), ask("PLB1", "36000")),
        bidders=("gorsebell",), course=Course.STEADY,
    ),
    Story(
        key="payroll-service", authority="solihull", title="Payroll service for small schools",
        category="services", estimate="150000", ending=Ending.DELIVERING, cpv="79211110",
        directorate=CORPORATE, starts=-4, quarters=8, weighting="10", place="solihull",
        asks=(ask("GSE9", "48"), ask("HSC1", "64")),
        bidders=("thistledown",), course=Course.SHORT,
        turns=(("HSC1", 4, Turn.MISSED),),
    ),
)  # fmt: skip
"""The last quarter that is over: of it Solihull's supplier said nothing about volunteering, so it is late."""
