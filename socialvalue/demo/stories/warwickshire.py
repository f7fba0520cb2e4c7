"""Warwickshire: the thread that most people follow first, with every route and every stage."""

from __future__ import annotations

from socialvalue.demo.stories.shape import Course, Ending, Story, Turn, ask

COMMUNITIES = "Communities"
PEOPLE = "People"
RESOURCES = "Resources"

IN_CONTRACT = (
    Story(
        key="highways", authority="warwickshire", title="Highways maintenance, south of the county",
        category="works", estimate="6400000", ending=Ending.DELIVERING, cpv="45233141",
        directorate=COMMUNITIES, starts=-10, quarters=16, weighting="20", place="warwick",
        description="Planned and reactive maintenance of roads, footways and drainage in the southern districts.",
        asks=(
            ask("GSE1", "9.6", "4"), ask("GSE7", "416", "104"), ask("PLB1", "240000"), ask("ENV1", "120"),
            ask("ENV5", "90"),
        ),
        bidders=("puddlestone", "quillfeather", "larkspindle"), course=Course.SLIPPING, names_owners=True,
        turns=(
            ("GSE7", 3, Turn.MENDED), ("PLB1", 5, Turn.CORRECTED), ("ENV1", 6, Turn.REDUCED),
            ("ENV1", 8, Turn.NOTHING), ("GSE1", 7, Turn.LATE), ("PLB1", 10, Turn.RETURNED),
        ),
    ),
    Story(
        key="home-care", authority="warwickshire", title="Home care, north of the county",
        category="light_touch", estimate="2900000", ending=Ending.DELIVERING, cpv="85312000",
        directorate=PEOPLE, starts=-9, quarters=12, weighting="15", place="nuneaton-and-bedworth",
        description="Personal care at home for adults, with visits from 30 minutes.",
        asks=(
            ask("GSE1", "6", "3"), ask("GSE4", "3"), ask("GSE10", "1800"), ask("HSC1", "360"), ask("GSE11", "1", "1"),
        ),
        bidders=("bramblewick", "hazelwhistle"), course=Course.STEADY, names_owners=True,
        turns=(("GSE10", 2, Turn.MENDED), ("HSC1", 6, Turn.CORRECTED), ("GSE4", 9, Turn.RETURNED)),
    ),
    Story(
        key="school-catering", authority="warwickshire", title="School catering, rural primary schools",
        category="services", estimate="480000", ending=Ending.DELIVERING, cpv="55524000",
        directorate=PEOPLE, starts=-8, quarters=12, weighting="10", place="stratford-on-avon",
        description="Hot lunches in 14 small schools, cooked on site or in a neighbouring school.",
        asks=(ask("PLB1", "90000", "45000"), ask("GSE3", "1.5"), ask("HSC2", "6000"), ask("ENV5", "88")),
        bidders=("marrowfat", "copperkettle"), course=Course.SHORT,
        turns=(("PLB1", 4, Turn.REDUCED), ("HSC2", 3, Turn.LATE), ("GSE3", 6, Turn.NOTHING)),
    ),
    Story(
        key="grounds", authority="warwickshire", title="Grounds maintenance, country parks",
        category="services", estimate="310000", ending=Ending.DELIVERING, cpv="77314000",
        directorate=COMMUNITIES, starts=-10, quarters=8, weighting="25", place="rugby",
        description="Meadows, paths, ponds and play areas of five country parks.",
        asks=(
            ask("ENV8", "960", "480"), ask("ENV7", "640"), ask("PLB2", "16000"), ask("GSE2", "1.2"),
            ask("ENV5a", "144"),
        ),
        bidders=("tumbledown", "foxglove"), course=Course.STRONG, moves_plan=True,
        turns=(("ENV7", 4, Turn.REJECTED), ("ENV8", 2, Turn.MENDED), ("ENV5a", 6, Turn.LATE)),
    ),
    Story(
        key="cleaning", authority="warwickshire", title="Building cleaning, county offices",
        category="services", estimate="165000", ending=Ending.DELIVERING, cpv="90911200",
        directorate=RESOURCES, starts=-6, quarters=8, weighting="", place="warwick",
        description="Daily cleaning of four office buildings.",
        asks=(ask("GSE3", "1.2", "0.6"), ask("GSE11", "1", "1"), ask("PLB1", "12000"), ask("HSC1", "120")),
        bidders=("copperkettle", "tumbledown"), course=Course.STEADY,
        turns=(("PLB1", 3, Turn.TAKEN_BACK), ("HSC1", 6, Turn.RETURNED)),
    ),
    Story(
        key="library-ict", authority="warwickshire", title="ICT support for libraries",
        category="services", estimate="92000", ending=Ending.DELIVERING, cpv="72250000",
        directorate=RESOURCES, starts=-5, quarters=8, weighting="10", place="warwick",
        description="Support and replacement of public computers in 18 libraries.",
        asks=(ask("HSC3", "6000"), ask("GSE9", "96", "48"), ask("PLB4", "64"), ask("GSE8", "16")),
        bidders=("thistledown", "teasel"), course=Course.SLIPPING,
        turns=(("HSC3", 2, Turn.CORRECTED), ("GSE9", 4, Turn.LATE)),
    ),
    Story(
        key="youth-mentoring", authority="warwickshire", title="Youth mentoring and prevention",
        category="light_touch", estimate="210000", ending=Ending.DELIVERING, cpv="85312300",
        directorate=PEOPLE, starts=-8, quarters=6, weighting="30", place="nuneaton-and-bedworth",
        description="Mentoring for young people at risk of a first offence or of losing their school place.",
        asks=(ask("HSC10", "12", "6"), ask("GSE5", "300"), ask("GSE9", "180"), ask("HSC9", "3"), ask("HSC13", "1")),
        bidders=("hazelwhistle", "foxglove", "bramblewick"), course=Course.STRONG,
        turns=(("HSC10", 3, Turn.REDUCED), ("GSE5", 2, Turn.LATE)),
    ),
    Story(
        key="school-extension", authority="warwickshire", title="Extension of a primary school",
        category="works", estimate="5600000", ending=Ending.DELIVERING, cpv="45214210",
        directorate=PEOPLE, starts=-4, quarters=6, weighting="20", place="warwick",
        description="Six classrooms, a hall and a kitchen, built while the school stays open.",
        asks=(
            ask("GSE1", "6", "3"), ask("GSE7", "312", "156"), ask("PLB1", "330000"), ask("ENV2", "90"),
            ask("PLB3", "55"), ask("HSC12", "24000", negotiated="0.8"),
        ),
        bidders=("larkspindle", "quillfeather", "puddlestone"), course=Course.SLIPPING,
        turns=(("GSE7", 2, Turn.MENDED), ("PLB1", 3, Turn.REDUCED), ("PLB3", 3, Turn.RETURNED)),
    ),
    Story(
        key="school-transport", authority="warwickshire", title="Home-to-school transport, special schools",
        category="services", estimate="1100000", ending=Ending.DELIVERING, cpv="60130000",
        directorate=PEOPLE, starts=-3, quarters=12, weighting="15", place="nuneaton-and-bedworth",
        description="Accessible minibuses with passenger assistants for three special schools.",
        asks=(ask("GSE1", "4.8", "2.4"), ask("ENV3", "48"), ask("ENV4", "35"), ask("PLB1", "60000")),
        bidders=("wobblegate", "puddlestone"), course=Course.STEADY,
        turns=(("ENV3", 2, Turn.MENDED),),
    ),
    Story(
        key="warm-homes", authority="warwickshire", title="Warm homes advice and hedgerows",
        category="services", estimate="185000", ending=Ending.DELIVERING, cpv="71314300",
        directorate=COMMUNITIES, starts=-3, quarters=6, weighting="20", place="rugby",
        description="Advice on heating and bills in homes and at drop-ins, and hedges along the estates it serves.",
        asks=(ask("WCC1", "360", "180"), ask("WCC2", "480"), ask("GSE9", "48")),
        bidders=("foxglove", "hazelwhistle"), course=Course.STEADY,
    ),
)  # fmt: skip
"""The last asks for two of the council's own measures: the region counts one as trees, and has not mapped the other."""

UNDER_WAY = (
    Story(
        key="bridge-repairs", authority="warwickshire", title="Repairs to road bridges",
        category="works", estimate="5800000", ending=Ending.AWARDED, cpv="45221119",
        directorate=COMMUNITIES, starts=1, quarters=8, weighting="20", place="stratford-on-avon",
        asks=(ask("GSE1", "4", "2"), ask("GSE7", "208"), ask("PLB1", "180000"), ask("ENV2", "60")),
        bidders=("quillfeather", "puddlestone", "larkspindle"), days=9,
    ),
    Story(
        key="extra-care", authority="warwickshire", title="Extra care housing support",
        category="light_touch", estimate="720000", ending=Ending.RANKED, cpv="85311100",
        directorate=PEOPLE, starts=2, quarters=12, weighting="25", place="rugby",
        asks=(ask("GSE1", "3", "1.5"), ask("HSC1", "240"), ask("GSE10", "900")),
        bidders=("bramblewick", "foxglove"), days=6,
    ),
    Story(
        key="tree-works", authority="warwickshire", title="Tree works and planting, county roads",
        category="services", estimate="195000", ending=Ending.MARKING, cpv="77211500",
        directorate=COMMUNITIES, starts=2, quarters=8, weighting="20", place="rugby",
        asks=(ask("ENV7", "400", "200"), ask("ENV5a", "80"), ask("GSE2", "0.8")),
        bidders=("tumbledown", "foxglove", "quillfeather"), days=4,
    ),
    Story(
        key="occupational-health", authority="warwickshire", title="Occupational health service",
        category="services", estimate="260000", ending=Ending.CLOSED, cpv="85147000",
        directorate=RESOURCES, starts=2, quarters=12, weighting="10", place="warwick",
        asks=(ask("GSE8", "24"), ask("HSC1", "180"), ask("GSE9", "120")),
        bidders=("bramblewick", "teasel"), days=2,
    ),
    Story(
        key="school-catering-next", authority="warwickshire", title="School catering, secondary schools",
        category="services", estimate="640000", ending=Ending.SEALED, cpv="55524000",
        directorate=PEOPLE, starts=2, quarters=12, weighting="15", place="warwick",
        description="Lunches in four secondary schools, with a breakfast service.",
        asks=(ask("PLB1", "120000", "60000"), ask("GSE1", "2.4"), ask("GSE3", "1.2"), ask("ENV5", "90")),
        bidders=("marrowfat", "copperkettle"), invited=("foxglove",), days=9,
    ),
    Story(
        key="gritting", authority="warwickshire", title="Winter gritting routes, north of the county",
        category="services", estimate="410000", ending=Ending.SEALED, cpv="90630000",
        directorate=COMMUNITIES, starts=3, quarters=8, weighting="", place="north-warwickshire",
        asks=(ask("GSE1", "1.6", "0.8"), ask("ENV1", "24"), ask("PLB1", "30000")),
        bidders=("wobblegate",), invited=("quillfeather", "puddlestone"), days=23,
    ),
    Story(
        key="library-furniture", authority="warwickshire", title="Shelving and furniture for libraries",
        category="goods", estimate="118000", ending=Ending.DRAFTED, cpv="39155000",
        directorate=COMMUNITIES, weighting="10", place="warwick",
        asks=(ask("PLB1", "12000"), ask("HSC3", "4000"), ask("ENV5a", "6")),
        days=5,
    ),
    Story(
        key="respite", authority="warwickshire", title="Short breaks for families with disabled children",
        category="light_touch", estimate="890000", ending=Ending.ROUTED, cpv="85312100",
        directorate=PEOPLE, days=3,
    ),
    Story(
        key="depot-roof", authority="warwickshire", title="New roof for a highways depot",
        category="works", estimate="340000", ending=Ending.WITHDRAWN, cpv="45261210",
        directorate=RESOURCES, weighting="10", place="warwick", asks=(ask("GSE7", "26"), ask("PLB1", "20000")),
        days=60,
    ),
)  # fmt: skip

LIGHT_TOUCH = (
    Story(
        key="transport-advice", authority="warwickshire", title="Call-off: transport planning advice",
        category="services", estimate="40000", ending=Ending.CROSSED, price="62400", cpv="71311200",
        directorate=COMMUNITIES, starts=-2, supplier="Teasel and Tansy Consulting LLP",
        considered="Asked all three firms how students of the county could take part in the surveys.",
        agreed="Two student placements of three weeks during the surveys.", objectives=("GSE", "PLD"),
    ),
    Story(
        key="minibus-hire", authority="warwickshire", title="Minibus hire for a summer programme",
        category="services", estimate="18500", ending=Ending.NOTED, price="17200", cpv="60140000",
        directorate=PEOPLE, starts=-9, supplier="Wobblegate Transport Ltd",
        considered="Asked for drivers who live in the county and for vehicles that meet the newest emission standard.",
        agreed="All drivers live in the county.", objectives=("GSE", "ENV"),
    ),
    Story(
        key="heritage-leaflets", authority="warwickshire", title="Printing of heritage trail leaflets",
        category="goods", estimate="9800", ending=Ending.NOTED, price="9450", cpv="22140000",
        directorate=COMMUNITIES, starts=-5, supplier="Foxglove Lantern Community Trust",
        considered="Looked for a printer that trains people; a social enterprise gave the second-lowest quotation.",
        agreed="Two work tasters for trainees of the print workshop.", objectives=("PLB", "HSC"),
    ),
    Story(
        key="bat-survey", authority="warwickshire", title="Ecology surveys for three bridge repairs",
        category="services", estimate="24000", ending=Ending.NOTED, price="23100", cpv="90711400",
        directorate=COMMUNITIES, starts=-2, supplier="Tumbledown Grounds Ltd",
        considered="Asked for survey data to be given to the county's nature records.",
        agreed="Survey data are given to the county's records centre.", objectives=("ENV",),
    ),
    Story(
        key="museum-chairs", authority="warwickshire", title="Stacking chairs for a museum hall",
        category="goods", estimate="12600", ending=Ending.ROUTED, cpv="39112000",
        directorate=COMMUNITIES, days=1,
    ),
)  # fmt: skip

STORIES = (*IN_CONTRACT, *UNDER_WAY, *LIGHT_TOUCH)
