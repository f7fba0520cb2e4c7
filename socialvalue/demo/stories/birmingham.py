"""Birmingham: homes, care, streets and skills."""

from __future__ import annotations

from socialvalue.demo.stories.shape import Course, Ending, Story, Turn, ask

HOUSING = "City Housing"
OPERATIONS = "City Operations"
CARE = "Adult Social Care"
CHILDREN = "Children and Families"

STORIES = (
    Story(
        key="retrofit", authority="birmingham", title="Retrofit of council homes, first phase",
        category="works", estimate="8600000", ending=Ending.DELIVERING, cpv="45453100",
        directorate=HOUSING, starts=-9, quarters=12, weighting="25",
        description="Insulation, ventilation and heat pumps in 420 homes.",
        asks=(
            ask("GSE1", "12", "6"), ask("GSE7", "520", "260"), ask("GSE2", "3"), ask("PLB1", "420000"),
            ask("ENV1", "240"), ask("PLB3", "60"),
        ),
        bidders=("gorsebell", "larkspindle", "quillfeather"), course=Course.SLIPPING,
        turns=(
            ("GSE7", 4, Turn.CORRECTED), ("PLB1", 2, Turn.MENDED), ("GSE2", 6, Turn.REDUCED),
            ("ENV1", 6, Turn.LATE), ("PLB3", 8, Turn.MISSED), ("GSE1", 9, Turn.RETURNED),
        ),
    ),
    Story(
        key="leisure-cleaning", authority="birmingham", title="Cleaning of leisure centres",
        category="services", estimate="240000", ending=Ending.DELIVERING, cpv="90911200",
        directorate=OPERATIONS, starts=-7, quarters=8, weighting="10",
        asks=(ask("GSE1", "1.6", "0.8"), ask("GSE3", "0.8"), ask("GSE11", "1"), ask("HSC1", "160")),
        bidders=("copperkettle", "tumbledown"), course=Course.STEADY,
        turns=(("HSC1", 4, Turn.MENDED), ("GSE3", 5, Turn.MISSED)),
    ),
    Story(
        key="supported-living", authority="birmingham", title="Supported living for adults",
        category="light_touch", estimate="1800000", ending=Ending.DELIVERING, cpv="85311200",
        directorate=CARE, starts=-6, quarters=12, weighting="15",
        asks=(ask("GSE1", "4.8", "2.4"), ask("GSE10", "1440"), ask("PLB2", "36000"), ask("HSC1", "240")),
        bidders=("bramblewick", "foxglove"), course=Course.SHORT,
        turns=(("PLB2", 2, Turn.LATE), ("GSE10", 4, Turn.CORRECTED)),
    ),
    Story(
        key="street-lighting", authority="birmingham", title="Street lighting maintenance",
        category="services", estimate="640000", ending=Ending.DELIVERING, cpv="50232100",
        directorate=OPERATIONS, starts=-5, quarters=8, weighting="15",
        asks=(ask("GSE1", "2.4", "1.2"), ask("GSE7", "104"), ask("ENV1", "64"), ask("ENV5", "92")),
        bidders=("puddlestone", "quillfeather"), course=Course.STRONG,
        turns=(("GSE7", 3, Turn.REDUCED), ("ENV5", 4, Turn.RETURNED)),
    ),
    Story(
        key="green-volunteers", authority="birmingham", title="Volunteering in parks and allotments",
        category="services", estimate="130000", ending=Ending.DELIVERING, cpv="77313000",
        directorate=OPERATIONS, starts=-4, quarters=8, weighting="30",
        asks=(ask("ENV8", "1600", "800"), ask("ENV7", "320"), ask("HSC2", "8000")),
        bidders=("foxglove", "tumbledown"), course=Course.STRONG,
        turns=(("HSC2", 2, Turn.LATE),),
    ),
    Story(
        key="special-meals", authority="birmingham", title="Meals in special schools",
        category="services", estimate="350000", ending=Ending.DELIVERING, cpv="55524000",
        directorate=CHILDREN, starts=-10, quarters=8, weighting="10",
        asks=(ask("PLB1", "64000", "32000"), ask("GSE3", "1.6"), ask("ENV5", "85")),
        bidders=("marrowfat", "copperkettle"), course=Course.STEADY,
        turns=(("PLB1", 3, Turn.CORRECTED), ("GSE3", 7, Turn.REJECTED)),
    ),
    Story(
        key="bootcamps", authority="birmingham", title="Skills bootcamps for adults",
        category="light_touch", estimate="520000", ending=Ending.DELIVERING, cpv="80530000",
        directorate=CHILDREN, starts=-3, quarters=6, weighting="20",
        asks=(ask("GSE5", "240", "120"), ask("GSE8", "48"), ask("GSE9", "240")),
        bidders=("hazelwhistle", "teasel", "thistledown"), course=Course.SLIPPING,
        turns=(("GSE5", 2, Turn.MENDED),),
    ),
    Story(
        key="retrofit-second", authority="birmingham", title="Retrofit of council homes, second phase",
        category="works", estimate="9400000", ending=Ending.SEALED, cpv="45453100",
        directorate=HOUSING, starts=3, quarters=12, weighting="25",
        asks=(ask("GSE1", "14", "7"), ask("GSE7", "624", "312"), ask("PLB1", "480000"), ask("ENV1", "280")),
        bidders=("gorsebell", "larkspindle"), invited=("quillfeather",), days=16,
    ),
    Story(
        key="play-areas", authority="birmingham", title="Renewal of play areas",
        category="works", estimate="760000", ending=Ending.CLOSED, cpv="45112723",
        directorate=OPERATIONS, starts=2, quarters=6, weighting="20",
        asks=(ask("GSE1", "0.9"), ask("PLB1", "45000", "20000"), ask("ENV2", "12")),
        bidders=("tumbledown", "quillfeather"), days=3,
    ),
    Story(
        key="hostel-support", authority="birmingham", title="Support in a young people's hostel",
        category="light_touch", estimate="690000", ending=Ending.MARKING, cpv="85312400",
        directorate=CARE, starts=2, quarters=8, weighting="20",
        asks=(ask("GSE5", "160"), ask("GSE9", "160"), ask("HSC1", "120", "60")),
        bidders=("hazelwhistle", "bramblewick"), days=5,
    ),
    Story(
        key="housing-repairs", authority="birmingham", title="Repairs to council homes, east of the city",
        category="works", estimate="7200000", ending=Ending.DRAFTED, cpv="45453000",
        directorate=HOUSING, weighting="20", asks=(ask("GSE1", "10", "5"), ask("GSE7", "416")), days=4,
    ),
    Story(
        key="translation", authority="birmingham", title="Translation and interpreting",
        category="services", estimate="175000", ending=Ending.ROUTED, cpv="79530000",
        directorate=OPERATIONS, days=2,
    ),
    Story(
        key="stage-hire", authority="birmingham", title="Stage and sound for a community festival",
        category="services", estimate="31000", ending=Ending.NOTED, price="29800", cpv="92370000",
        directorate=OPERATIONS, starts=-6, supplier="Foxglove Lantern Community Trust",
        considered="Asked for stage crew training for young people in the ward.",
        agreed="Six young people train with the stage crew over the weekend.", objectives=("GSE", "HSC"),
    ),
    Story(
        key="damp-meters", authority="birmingham", title="Damp meters for housing officers",
        category="goods", estimate="14200", ending=Ending.NOTED, price="13900", cpv="38410000",
        directorate=HOUSING, starts=-1, supplier="Gorsebell Energy Retrofit Ltd",
        considered="Asked for take-back of old meters and for training in how to read them.",
        agreed="Old meters are taken back and recycled.", objectives=("ENV",),
    ),
)  # fmt: skip
