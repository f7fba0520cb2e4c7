"""The combined authority itself: transport, stops and skills."""

from __future__ import annotations

from socialvalue.demo.stories.shape import Course, Ending, Story, Turn, ask

TRANSPORT = "Transport"
SKILLS = "Economic Growth and Skills"
CORPORATE = "Corporate Services"

STORIES = (
    Story(
        key="bus-shelters", authority="wmca", title="Bus shelter renewal",
        category="works", estimate="1900000", ending=Ending.DELIVERING, cpv="45213315",
        directorate=TRANSPORT, starts=-9, quarters=8, weighting="15", place="sandwell",
        description="Replacement of 240 shelters, with green roofs where the footway allows.",
        asks=(
            ask("GSE1", "3.2", "1.6"), ask("GSE7", "104"), ask("ENV2", "56"), ask("PLB1", "80000"), ask("ENV5", "94"),
        ),
        bidders=("otterbank", "quillfeather"), course=Course.SHORT,
        turns=(
            ("GSE7", 3, Turn.LATE), ("PLB1", 4, Turn.MENDED), ("ENV2", 6, Turn.CORRECTED), ("GSE1", 5, Turn.REDUCED),
        ),
    ),
    Story(
        key="stop-cleaning", authority="wmca", title="Cleaning of tram stops",
        category="services", estimate="260000", ending=Ending.DELIVERING, cpv="90917000",
        directorate=TRANSPORT, starts=-6, quarters=8, weighting="10", place="wolverhampton",
        asks=(ask("GSE1", "1.6"), ask("GSE11", "1", "1"), ask("GSE2", "0.8"), ask("HSC1", "96")),
        bidders=("copperkettle", "otterbank"), course=Course.STEADY,
        turns=(("GSE2", 3, Turn.MISSED), ("HSC1", 4, Turn.REDUCED)),
    ),
    Story(
        key="skills-study", authority="wmca", title="Study of adult skills provision",
        category="services", estimate="85000", ending=Ending.DELIVERING, cpv="79311400",
        directorate=SKILLS, starts=-6, quarters=4, weighting="10",
        description="No place is set, so measures that depend on one are counted and not valued.",
        asks=(ask("GSE9", "64", "32"), ask("PLB4", "40"), ask("INN2", "4000")),
        bidders=("teasel", "hazelwhistle"), course=Course.STEADY,
        turns=(("GSE9", 2, Turn.LATE),),
    ),
    Story(
        key="displays", authority="wmca", title="Passenger information displays",
        category="goods", estimate="415000", ending=Ending.DELIVERING, cpv="48813000",
        directorate=TRANSPORT, starts=-3, quarters=8, weighting="10", place="birmingham",
        asks=(ask("GSE7", "104", "52"), ask("ENV2", "32"), ask("HSC3", "12000")),
        bidders=("thistledown", "otterbank"), course=Course.SLIPPING,
        turns=(("ENV2", 1, Turn.MENDED),),
    ),
    Story(
        key="bus-depot", authority="wmca", title="Charging and works at a bus depot",
        category="works", estimate="5900000", ending=Ending.DELIVERING, cpv="45311000",
        directorate=TRANSPORT, starts=-2, quarters=8, weighting="20", place="coventry",
        asks=(ask("GSE1", "6.4", "3.2"), ask("GSE7", "312"), ask("ENV1", "160"), ask("PLB1", "200000")),
        bidders=("larkspindle", "puddlestone", "gorsebell"), course=Course.STEADY,
    ),
    Story(
        key="cycle-hire", authority="wmca", title="Cycle hire, operation and repair",
        category="services", estimate="1400000", ending=Ending.SEALED, cpv="63712000",
        directorate=TRANSPORT, starts=2, quarters=12, weighting="15", place="birmingham",
        asks=(ask("GSE1", "4", "2"), ask("GSE8", "36"), ask("ENV3", "30")),
        bidders=("wobblegate",), invited=("otterbank", "foxglove"), days=12,
    ),
    Story(
        key="data-platform", authority="wmca", title="Transport data platform",
        category="services", estimate="380000", ending=Ending.RANKED, cpv="72222300",
        directorate=TRANSPORT, starts=2, quarters=8, weighting="10", place="birmingham",
        asks=(ask("GSE7", "104"), ask("GSE9", "120", "60"), ask("PLB4", "48")),
        bidders=("thistledown", "teasel"), days=8,
    ),
    Story(
        key="tram-mural", authority="wmca", title="Art at tram stops",
        category="services", estimate="156000", ending=Ending.AWARDED, cpv="92312000",
        directorate=TRANSPORT, starts=1, quarters=4, weighting="", place="dudley",
        asks=(ask("HSC1", "80", "40"), ask("GSE9", "60"), ask("HSC2", "5000")),
        bidders=("foxglove", "teasel"), days=12,
    ),
    Story(
        key="skills-portal", authority="wmca", title="Careers portal for the region",
        category="services", estimate="198000", ending=Ending.WITHDRAWN, cpv="72413000",
        directorate=SKILLS, weighting="10", place="birmingham", asks=(ask("GSE9", "100"),),
        invited=("thistledown", "hazelwhistle"), days=90,
    ),
    Story(
        key="event-catering", authority="wmca", title="Catering for a mayoral summit",
        category="services", estimate="21000", ending=Ending.NOTED, price="19900", cpv="55520000",
        directorate=CORPORATE, starts=-8, supplier="Marrowfat Catering Co-operative",
        considered="Asked three caterers in the region, two of them social enterprises, what becomes of leftovers.",
        agreed="Food left over goes to a shelter the same evening.", objectives=("PLB", "HSC"),
    ),
    Story(
        key="survey-tablets", authority="wmca", title="Tablets for passenger surveys",
        category="goods", estimate="16800", ending=Ending.NOTED, price="16150", cpv="30213200",
        directorate=TRANSPORT, starts=-3, supplier="Thistledown Digital Ltd",
        considered="Asked for refurbished devices and for what becomes of the old ones.",
        agreed="Half of the tablets are refurbished.", objectives=("ENV", "INN"),
    ),
)  # fmt: skip
