"""What trials show: network meta-analysis of the content's trial data, and a decision aid for one patient.

Effects add up on their scale (log odds ratio, log risk ratio, risk difference, mean difference); what is shown as a
ratio is turned back. Nothing here knows a drug: trials, outcomes and populations are content.
"""

from atopy.evidence.absolute import Absolute, Baseline, absolute, at_baseline
from atopy.evidence.aid import Choice, DecisionAid, Price, Said
from atopy.evidence.caution import Caution
from atopy.evidence.chances import Chance
from atopy.evidence.comparison import MEASURES, Asked, Comparison, Ranked, comparison
from atopy.evidence.figures import MEASURE_NAMES, basis, counted, heading, interval, number, of_hundred, sure
from atopy.evidence.known import Beside
from atopy.evidence.names import said
from atopy.evidence.network import Effect, Model, Network, Split, network
from atopy.evidence.public import compare, decision_aid
from atopy.evidence.select import Entered, LeftOut, Measure, Rules, Used
from atopy.evidence.study import Arm, Pair, Study, of_arms, of_counts, of_means, of_pairs
from atopy.evidence.wishes import Wish

__all__ = [
    "MEASURES", "MEASURE_NAMES", "Absolute", "Arm", "Asked", "Baseline", "Beside", "Caution", "Chance", "Choice",
    "Comparison", "DecisionAid", "Effect", "Entered", "LeftOut", "Measure", "Model", "Network", "Pair", "Price",
    "Ranked", "Rules", "Said", "Split", "Study", "Used", "Wish", "absolute", "at_baseline", "basis", "compare",
    "comparison", "counted", "decision_aid", "heading", "interval", "network", "number", "of_arms", "of_counts",
    "of_hundred", "of_means", "of_pairs", "said", "sure",
]  # fmt: skip
