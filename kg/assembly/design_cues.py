"""Words that tell a study's design, and how strongly each speaks for which. Data only.

A cue counts once per place: ``title:cue``, ``text:cue``, ``headline:cue``. The weights are the
declared starting point of :mod:`training.designs`, which refines them on annotated abstracts.
"""

from __future__ import annotations

import re

from kg.assembly.cue import Cue, CueIndex
from kg.records import Design


def _compile(table: dict[str, str]) -> dict[str, Cue]:
    return {name: Cue.of(pattern, _WORDS.get(name, frozenset())) for name, pattern in table.items()}


_ANIMALS = (
    r"rats?|mice|pigs?|piglets?|gilts?|sows?|swine|cows?|calves|heifers|cattle|bulls|boars|steers|sheep|lambs?|ewes|goats|dogs|"
    r"beagles|cats|rabbits|hamsters|guinea pigs|monkeys|macaques|horses|mares|hens|chickens?|chicks|broilers|"
    r"quails?|alpacas|llamas|zebrafish|rodents|primates|sprague[- ]dawley|wistar|c57bl|balb/c|knockout"
)
#: The first word of each, in the singular too: "rat" stands in every "rate".
_ANIMAL_WORDS = frozenset(
    re.split(r"\W", form)[0]
    for animal in _ANIMALS.split("|")
    for form in (animal.replace("?", ""), animal.replace("s?", ""))
)
_WORDS = {
    "animals": _ANIMAL_WORDS,
    "animal model": _ANIMAL_WORDS | {"animal"},
    "studies included": frozenset("studies trials rcts articles cohorts papers".split()),
}
#: Looked for in lower-case text.
CUES = _compile({
    "meta-analysis": r"meta-?\s?analy|meta-?\s?regression",
    "pooled": r"pooled (?:estimate|effect|result|data|odds|relative|risk|mean|smd|analys|using)|random[- ]effects?(?: model| meta)|inverse[- ]variance|forest plot|heterogeneity (?:between|among|across|was|\()|i2\b|i-squared|funnel plot|egger|fixed[- ]effects? model|effect model",
    "trials pooled": r"pooled analys[ei]s of|individual (?:patient|participant|subject)[- ](?:level )?data|network meta|indirect (?:treatment )?comparison|combined analysis of (?:\w+ ){0,2}(?:trials|studies|cohorts)|integrated analysis",
    "observational": r"associat|predict|prognos|risk factors?|determinants?|correlat|relation(?:ship)?s?\b|marker|(?:impact|influence|role) of (?:\S+ ){1,5}(?:on|in) (?:\S+ ){0,3}(?:survival|outcome|mortality|prognosis|risk)|risk of|outcomes? (?:of|in|after)|trends?\b|characteristics",
    "systematic review": r"systematic(?:ally)? (?:literature )?(?:review|search|overview)|scoping review|evidence synthesis",
    "cochrane": r"cochrane",
    "databases searched": r"(?:medline|embase|pubmed|web of science|cinahl|scopus|psycinfo|databases?)\b[^.]{0,160}\bsearch|search(?:ed|es|ing)?\b[^.]{0,120}(?:medline|embase|pubmed|web of science|databases?)",
    "studies included": r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+-[a-z]+)\s+(?:\S+\s+){0,4}(?:studies|trials|rcts|articles|cohorts|papers)\b(?=[^.]{0,80}(?:includ|identif|involv|compris|enrol|eligib|met |analy|participants|patients|subjects|with a total))",
    "review": r"(?:narrative |literature |critical |mini-?|this |we )reviews?\b|review of (?:the )?(?:literature|evidence|current|recent|studies)|(?:is|are) reviewed|this article (?:reviews|discusses|summari)|purpose of (?:this )?review|in (?:this|our|the present) review|an overview|we discuss\b|review article",
    "review word": r"review\b",
    "guideline": r"guidelines?\b(?![- ](?:based|concordant|adherence|directed|recommended))|consensus (?:statement|conference|recommendations?)|position (?:statement|paper)|practice recommendations?",
    "recommendation": r"(?:we|is|are|was) recommend(?:ed)?\b|should (?:be|receive|take|supplement)|recommend(?:s|ing)? (?:that|up to|a |daily)|supplement with|aim for|target (?:serum|level)",
    "protocol": r"study protocol|trial protocol|protocol (?:of|for) (?:a|the)|protocol\b(?=[.:,]|\s*$)|methods/design|trial registration|rationale and design|design and rationale",
    "future": r"will (?:be |also be |then be )?(?:randomi|recruit|assess|measur|compare|enrol|receive|investigat|evaluat|conduct|includ|collect|invit|follow|analy|test|determine|undergo|allocat|examin|perform|obtain|provide|estimat)",
    "not yet": r"(?:anticipated|planned|estimated (?:primary )?(?:completion|enrollment)|recruiting|ongoing trial|currently recruiting)",
    "randomised": r"randomi(?<!non-randomi)(?<!nonrandomi)(?<!not randomi)(?<!quasi-randomi)[sz]",
    "randomised trial": r"randomi(?<!non-randomi)(?<!nonrandomi)(?<!quasi-randomi)[sz]ed[, ](?:\S+\s+){0,6}?(?:trial|study)|\brct\b|randomi(?<!non-randomi)(?<!nonrandomi)(?<!quasi-randomi)[sz]ed,? controlled|controlled,? randomi[sz]ed",
    "randomly assigned": r"(?:divided|assigned|allocated|distributed|split) randomly|we (?:then )?randomi[sz]ed \w+|in (?:a )?random(?:i[sz]ed)? (?:fashion|manner|sequence)|randomly (?:assigned|allocated|allotted|divided|distributed|received|given|placed|split|grouped|recruited into|chosen (?:to|for))|(?:was|were) (?:then |subsequently |equally |first )?randomi[sz]ed|random(?:ised|ized|ly)? (?:to|into|in a|in 1|1:1|2:1)|at random|(?:was|were) random(?:ly)? assign|in (?:a )?random(?:ized|ised)? order|random(?:ized|ised)? (?:number|order|sequence|allocation|assignment)|(?:allocated|assigned|allotted) (?:by|using) (?:random|lot|computer)|by (?:chance|lot|lottery)[,.:; ]|toss of a|coin toss|drawing (?:of )?lots|drew lots|using a lottery",
    "blind": r"(?:double|single|triple|observer|assessor|investigator|evaluator)[- ](?:blind|mask)|blinded\b|double dummy",
    "blind trial": r"(?:double|triple)[- ]?blind(?:ed)?,? (?:[\w-]+,? ){0,4}?(?:trial|study)|placebo[- ]controlled,? (?:[\w-]+,? ){0,3}?(?:trial|study)",
    "placebo": r"placebo",
    "crossover": r"cross-?\s?over|washout|wash-out|split-mouth|counterbalanced|paired[- ]eye",
    "controlled trial": r"controlled (?:clinical )?(?:trial|study)|comparative (?:trial|study)|parallel[- ](?:group|arm)|clinical trial|\btrial\b",
    "phase": r"phase (?:i{1,3}|iv|[1-4])\b",
    "cluster": r"cluster[- ]random|stepped[- ]wedge|factorial",
    "open-label": r"open[- ]label",
    "intention": r"intention[- ]to[- ]treat|per[- ]protocol|non-?inferior",
    "groups compared": r"(?:intervention|treatment|control|placebo|experimental|usual care|standard care)\s+(?:group|arm)",
    "allocated": r"(?:were|was) (?:divided|allocated|assigned|classified|categori[sz]ed|separated|stratified) (?:\w+ )?(?:in|to|into)\b",
    "not randomised": r"non-?\s?randomi[sz]ed|quasi-?\s?(?:experiment|random)|without randomi|not randomi|alternat(?:e|ely|ing) (?:alloc|assign)",
    "single arm": r"single[- ](?:arm|group)|one[- ](?:arm|group)|uncontrolled (?:trial|study|pilot|intervention|prospective)|expanded access|extension (?:study|trial|phase)|pre-?\s?(?:and )?post|before[- ]and[- ]after|before[- ]after|pre-?test|historical control",
    "feasibility": r"feasib|pilot",
    "intervention": r"intervention (?:study|program|was)|supplemented with|(?:was|were) (?:then |all )?(?:given|administered|supplemented|treated with|offered|prescribed|instructed|trained)|participated in (?:a|an|the) \S+ (?:program|training)|took part",
    "intervention study": r"intervention(?:al)? stud|efficacy|effectiveness of|effects? of",
    "secondary": r"secondary analys|post[- ]hoc|sub-?\s?(?:group|set|study) analys|sub-?study|ancillary|subset of (?:patients|participants)|exploratory analys|pooled analys|pre-?specified|further analys|re-?analys|data from (?:the|a|two|three) \S+ (?:\S+ ){0,4}?(?:trial|study)",
    "cohort": r"cohorts?\b",
    "cohort study": r"cohort (?:study|studies|analysis|of)|(?:population|hospital|community)[- ]based (?:retrospective |prospective )?cohort|prospective(?:ly)? (?:cohort|observational|follow|population)|prospective (?:(?!random|double|blind|intervention|controlled)[\w-]+ ){0,2}study (?:of|in|on)|retrospective(?:ly)? (?:cohort|observational)",
    "prospective": r"prospective",
    "retrospective": r"retrospective|medical records?|chart review|records (?:of|were)|database\b",
    "longitudinal": r"longitudinal|follow(?:ed)?[- ]?up|were followed|person-?years|incident|incidence|years later|over time",
    "survival": r"hazards?\b|\bhrs?\b|kaplan|cox\b|survival|mortality|prognos|time to (?:event|first|death)|all-cause",
    "registry": r"registr(?:y|ies)\b(?! number)|biobank|national (?:database|insurance|health insurance)|administrative|claims data|consecutive",
    "predict": r"predict|risk factors?|independent(?:ly)? associated|associated with",
    "case-control": r"case[-– ]controll?(?:ed)?\b",
    "nested": r"nested",
    "controls": r"(?:healthy|matched|normal|age-matched|sex-matched|hospital|population) (?:\S+ ){0,3}?(?:controls?\b|volunteers?\b|subjects as)|and \S+ (?:healthy )?controls\b|as (?:the |a )?(?:healthy )?controls?\b|healthy control group|\(control group|control patients|serv(?:ed|ing) as (?:\w+ )?controls?|cases and (?:\S+ )?controls|control subjects|matched (?:to|for|by|with)|case patients",
    "genotype": r"polymorphisms?|genotyp|\bsnps?\b|alleles?\b|variants? (?:in|of)",
    "cross-sectional": r"cross[- ]?section(?:al\b|\s+(?:study|analysis|design|survey))",
    "national survey": r"nhanes|health and nutrition examination|national(?:ly representative)? (?:\w+ ){0,3}survey",
    "observational study": r"observational (?:\w+ )?(?:study|design|analysis|data)|real[- ]world",
    "laboratory study": r"laborator(?:y|ies) (?:study|experiment|test)|electromyograph|biomechanic|cadaver",
    "prevalence": r"prevalen",
    "survey": r"survey|questionnaires?|nhanes|national health and nutrition|interview|population[- ]based|nationally representative",
    "correlate": r"correlat|association between|relationship between|determinants? of|vitamin d status|status of|levels? in\b",
    "diagnostic": r"sensitivity (?:and|of|was)|specificity|diagnostic (?:accuracy|performance|value)|roc\b|agreement|bland|concordance|validity|reliability|method comparison|comparison of (?:\S+ ){1,4}methods",
    "case report": r"case reports?\b|(?:we|i) (?:report|describe|present) (?:a|the|an|two) (?:\S+ ){0,4}?(?:case|patient|man|woman|boy|girl)|a \d+-?\s?year-?\s?old (?:\S+ ){0,3}?(?:man|woman|boy|girl|male|female|patient|infant|child)",
    "experience": r"experience (?:with|in) (?:\S+ ){0,4}(?:patients|cases)|experience with the first|(?:our|initial|single[- ]cent(?:er|re)) experience|first \d+ (?:patients|cases)|consecutive (?:patients|cases) (?:with \S+ (?:\S+ ){0,4})?(?:underwent|were treated|who underwent|treated)",
    "umbrella review": r"umbrella review|overview of (?:systematic )?reviews|reviews? of (?:systematic reviews|meta-analyses|reviews)",
    "synthesis of": r"meta-?analys[ei]s of|pooled analys[ei]s of|(?:we|were) pooled|pooled (?:individual|data from)",
    "case series": r"case series|case stud(?:y|ies)|series of (?:\w+ )?(?:patients|cases)",
    "animals": rf"(?:{_ANIMALS})\b(?! (?:bite|milk|meat|anti|monoclonal|polyclonal|model of|liver oil|dander|allerg|fat))",
    "animal model": rf"animal (?:study|model|experiment)|(?:in|of|on|male|female|adult|pregnant|dairy|weaned|aged|\d) (?:{_ANIMALS})\b|(?:{_ANIMALS}) (?:were|received|fed|given|model)",
    "in vitro": r"(?:in|ex)[- ](?:vitro|vivo)|extracted (?:\w+ )?teeth|cell lines?|cultured|specimens?|composite|dentin|plants?\b|transgenic|bench|incubated|biofilms?|in triplicate|cells were|isolates|zirconia|bond strength|culture medium|planktonic|titanium discs",
    "simulation": r"simulat|computational|mathematical model|modell?ing (?:study|approach)|cost-?effectiveness model|markov|numerical|time[- ]series|ecological (?:study|analysis)|interrupted|exposure.response|pharmacometric|dose[- ]response model",
    "quality check": r"commercial preparations|assay(?:ed)? (?:content|methods)|content of|test(?:ed)? samples|products? (?:were )?analy",
    "economic": r"cost[- ]effective|economic evaluation|cost[- ]benefit|costs\b",
    "qualitative": r"qualitative|focus groups?|semi-structured|thematic|process evaluation|implementation",
})  # fmt: skip
INDEX = CueIndex(CUES)

#: Advice in the imperative, at the start of a line or an item; capitals matter.
_ADVICE = (
    "Aim Start Maintain Measure Recheck Consider Adjust Combine Use Initiate Administer Prescribe Monitor Avoid Assess "
    "Supplement Test Continue Provide Ensure Target Repeat Screen Check Begin Increase Reduce Limit Treat"
).split()
IMPERATIVE = re.compile(  # the letter first, as in kg.assembly.cue
    "(?:"
    + "|".join(rf"{w[0]}(?:(?<=[\n•*] .)|(?<=^.)|(?<=: .)){w[1:]}" for w in _ADVICE)
    + r")\s(?!of\b)",
    re.MULTILINE,
)

#: How many times the strong words of a text must occur to count as "often".
OFTEN = {"animals": 3, "meta-analysis": 3, "future": 3, "guideline": 2, "recommendation": 3,
         "review word": 3, "cohort": 3, "randomised": 3, "placebo": 3, "in vitro": 2, "controls": 3}  # fmt: skip

DESIGNS: tuple[Design, ...] = (
    "randomized controlled trial", "non-randomized trial", "cohort", "case-control",
    "cross-sectional", "case series", "case report", "meta-analysis", "systematic review",
    "review", "guideline", "protocol", "animal study", "other",
)  # fmt: skip

#: Declared weights: what a cue adds to the score of a design.
PRIOR: dict[Design, dict[str, float]] = {
    "randomized controlled trial": {
        "title:randomised": 3, "title:randomised trial": 2, "text:randomised trial": 2,
        "text:randomly assigned": 3, "title:blind trial": 2, "text:blind trial": 2, "title:placebo": 1.5, "text:placebo": 1, "text:blind": 1.5,
        "title:blind": 1.5, "text:crossover": 1, "text:intention": 1, "headline:randomised trial": 4,
        "text:groups compared": 0.5, "title:controlled trial": 1, "text:randomised": 0.5, "often:randomised": 0.5,
        "lead:randomised": 3, "text:phase": 0.5, "title:phase": 0.5, "text:cluster": 1,
        "title:observational study": -4, "lead:observational study": -3, "title:in vitro": -3, "lead:laboratory study": -3,
        "own randomisation": 2, "no randomisation": -4, "observational, not randomised": -2, "synthesis": -5,
    },
    "non-randomized trial": {
        "text:not randomised": 4, "title:not randomised": 3, "text:single arm": 3, "title:single arm": 2,
        "title:feasibility": 1, "text:intervention": 0.5, "text:groups compared": 0.5,
        "title:intervention study": 0.5, "text:open-label": 0.5, "bias": -0.5,
        "intervention, not randomised": 2, "own randomisation": -1.5,
    },
    "cohort": {
        "title:observational study": 3, "lead:observational study": 2, "text:observational study": 0.7,
        "title:cohort": 3, "text:cohort study": 3, "title:prospective": 1, "text:prospective": 0.7,
        "title:retrospective": 2, "text:retrospective": 1.5, "text:longitudinal": 0.7, "title:longitudinal": 1.5,
        "text:survival": 0.5, "text:registry": 0.7, "lead:cohort": 3, "often:cohort": 1, "title:survival": 0.5,
        "title:registry": 1, "lead:retrospective": 2, "lead:prospective": 1,
        "observational, not randomised": 1, "observational, trial": 2, "own randomisation": -1, "first:cohort study": 1,
    },
    "case-control": {
        "title:case-control": 5, "text:case-control": 4, "text:nested": 1, "text:controls": 1.5,
        "often:controls": 1, "text:genotype": 0.7, "title:genotype": 0.7, "lead:case-control": 3, "first:case-control": 1,
    },
    "cross-sectional": {
        "title:cross-sectional": 5, "text:cross-sectional": 3.5, "text:national survey": 2, "title:prevalence": 1.5, "text:prevalence": 0.7,
        "text:survey": 0.7, "title:survey": 1, "text:correlate": 0.5, "title:correlate": 0.5,
        "text:predict": 0.3, "lead:cross-sectional": 3, "text:diagnostic": 0.3, "first:cross-sectional": 3, "observational, measured once": 1,
    },
    "case series": {"title:case series": 4, "text:case series": 3, "lead:case series": 5, "title:experience": 2, "text:experience": 1, "bias": -1},
    "case report": {"title:case report": 5, "text:case report": 4, "bias": -1},
    "meta-analysis": {
        "title:meta-analysis": 6, "text:meta-analysis": 3, "text:pooled": 1.5, "text:databases searched": 1.5,
        "text:studies included": 1, "often:meta-analysis": 1, "headline:meta-analysis": 2,
        "text:systematic review": 0.5, "text:cochrane": 0.5, "lead:meta-analysis": 3,
        "text:trials pooled": 2, "title:trials pooled": 4, "title:synthesis of": 3, "text:synthesis of": 2, "title:umbrella review": -4, "synthesis, pooled": 4, "journal of syntheses": 3, "synthesis, not pooled": 1,
    },
    "systematic review": {
        "title:umbrella review": 6, "text:umbrella review": 2, "title:systematic review": 5, "text:systematic review": 2.5, "text:databases searched": 1.5,
        "text:studies included": 0.5, "title:meta-analysis": -3, "synthesis, not pooled": 3, "text:meta-analysis": -1, "text:pooled": -1,
    },
    "review": {
        "title:review": 3, "title:review word": 2, "text:review": 2, "often:review word": 1, "headline:review word": 1.5, "lead:review": 3, "long, no methods": 4,
        "text:review word": 0.5, "bias": -0.5, "title:systematic review": -1, "synthesis": -2,
    },
    "guideline": {
        "title:guideline": 4, "text:guideline": 0.5, "often:guideline": 1, "often:imperative": 3,
        "often:recommendation": 1.5, "text:imperative": 0.5, "bias": -1.5, "no results": 0.5, "results": -4, "advice to clinicians": 10,
    },
    "protocol": {
        "title:protocol": 5, "text:protocol": 0.5, "often:future": 5, "text:future": 1, "text:not yet": 1, "bias": -1.5,
        "mostly future": 10,
    },
    "animal study": {"title:animals": 4, "often:animals": 3, "text:animal model": 2.5, "text:animals": 0.5,
                     "title:animal model": 1, "bias": -0.5},
    "other": {
        "lead:laboratory study": 4, "text:laboratory study": 0.5,
        "title:in vitro": 2, "text:in vitro": 1.5, "often:in vitro": 1, "title:simulation": 2.5,
        "text:simulation": 1.5, "title:diagnostic": 1, "text:quality check": 1, "title:quality check": 1, "bias": -0.3,
        "no text": 1, "nothing but a title": 6,
    },
}  # fmt: skip
