"""Words that carry, turn or weaken a finding told in words, by class.

Data only. A word has one class at most; all entries are lower-case tokens. ``GOOD`` and ``BAD`` are
six-letter stems of outcomes: what improves when there is more of it, and when there is less.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.lexicon import word_set

CLASSES: Mapping[str, frozenset[str]] = {
    "rise": word_set("""
        increase increased increases increasing rise rises rose risen rising raise raised raises raising elevate elevated
        elevates elevating elevation elevations augment augmented augments enhance enhanced enhances enhancing enhancement
        gain gained gains grew grown promoted promotes promote prolonged prolong prolongs prolonging prolongation
        upregulated accelerated accelerates boosted boosts exceeded exceeds doubled tripled increments
        increment stimulated stimulates induced induces strengthened lengthened
        """),
    "higher": word_set("""
        higher greater more larger longer stronger heavier taller faster most highest greatest likelier later oftener
        frequently excess older
        """),
    "fall": word_set("""
        decrease decreased decreases decreasing reduce reduced reduces reducing reduction reductions decline declined
        declines declining fell fallen falling fall drop dropped drops lowered lowers lowering attenuated attenuates
        attenuate suppressed suppresses suppression inhibited inhibits inhibition prevented prevents prevent preventing
        diminished diminishes shortened shortens shortening alleviated alleviates alleviate relieved relieves
        mitigated mitigates ameliorated ameliorates loss lost protected protects protective depressed blunted
        downregulated disappeared resolved abolished
        """),
    "lower": word_set("lower less fewer shorter smaller weaker slower least lowest smallest shortest earlier sooner rarer younger"),
    "improve": word_set("""
        improve improved improves improving improvement improvements better best benefit benefits beneficial benefited
        benefitted favorable favourable favored favoured favoring favouring superior superiority effective efficacious
        efficient effectively successful successfully optimal advantage advantages ameliorating
        """),
    "worsen": word_set("""
        worse worsened worsening worsens worsen worst deteriorated deterioration deteriorates impaired impairs impairment
        inferior poorer exacerbated aggravated aggravates compromised harmful detrimental
        """),
    "same": word_set("""
        similar similarly comparable comparably equal equally same unchanged equivalent identical noninferior
        non-inferior noninferiority non-inferiority nonsignificant non-significant insignificant non-significantly
        nonsignificantly unaffected unaltered stable indistinguishable ns n.s equality constant maintained
        """),
    "differ": word_set("difference differences differ differed differs different differing differential differentially"),
    "effect": word_set("""
        effect effects influence influenced influences impact impacted affect affected affects affecting alter altered alters
        change changed changes changing alteration alterations modified interaction interactions effectiveness efficacy
        """),
    "not": word_set("no not neither nor without never none non failed fail fails lack lacked cannot nothing unable absence hardly"),
    "significant": word_set("""
        significant significantly significance statistically statistical markedly substantially considerably clinically
        """),
    "association": word_set("""
        associated association associations associate correlated correlation correlations correlates related relationship
        relation linked predictor predictors predicted predicts predict predictive dependent
        """),
    "positive": word_set("positive positively direct directly"),
    "inverse": word_set("negative negatively inverse inversely"),
    "versus": word_set("than versus vs vs. v compared comparison relative against"),
    "between": word_set("between among across"),
    "both": word_set("both all each either"),
    "baseline": word_set("""
        baseline pretreatment pre-treatment preoperative preoperatively initially before prior pre-intervention pretest
        enrolment enrollment randomization randomisation
        """),
    "after": word_set("after during following post posttreatment post-treatment postoperative postoperatively follow-up afterwards"),
    "unsure": word_set("""
        may might could whether aim aimed aims objective objectives purpose investigate evaluate determine examine explore
        hypothesis hypothesised hypothesized hypothesize hypotheses if should would needed need unclear unknown warranted
        seems possibly potential potentially to-date remains
        """),
    "plan": word_set("""
        measured assessed evaluated recorded determined defined included randomized randomised assigned received calculated
        monitored collected obtained administered enrolled recruited performed conducted measure measures endpoint endpoints
        """),
    "shown": word_set("""
        showed shown show shows found observed demonstrated reported revealed noted resulted exhibited experienced seen
        detected reached achieved developed occurred produced caused led yielded
        """),
    "group": word_set("group groups arm arms treatment treatments treated regimens therapies controls cohort cohorts placebo control"),
    "only": word_set("only alone except despite although however but though"),
}  # fmt: skip

#: Classes that can carry a finding; a sentence without any tells none.
CARRIERS = (
    "rise",
    "higher",
    "fall",
    "lower",
    "improve",
    "worsen",
    "same",
    "differ",
    "effect",
    "association",
)

CLASS_OF: Mapping[str, str] = {word: name for name, words in CLASSES.items() for word in words}

#: What ends a clause.
CLAUSE_ENDS = frozenset(
    [";", "whereas", "while", "but", "although", "though", "however", "despite"]
)

BAD = word_set("""
    pain pains sympto depres anxiet fatigu mortal death deaths infect bleedi hemorr haemor disabi severi burden
    stress distre insomn nausea vomiti relaps recurr fractu falls fall injury injuri compli advers toxici
    cholest ldl triglyc glucos hba1c glycat insuli pressu hypert hypote weight bmi obesit fat lesion inflam crp
    edema oedema ulcer ulcers itch itchin pruritu dyspne cough asthma exacer headac migrai seizur stroke
    attack attack hospit readmi admiss length stay cost costs use smokin craving drinki withdr dropou
    failur errors error time impair dysfun stiffn swelli discom odds risk hazard incide preval viral load
    parasi anemia anaemi defici cancer tumor tumour progre necros damage stress oxidat cortis fever
    """)
GOOD = word_set("""
    functi qualit life surviv streng perfor capaci satisf adhere compli knowle abilit skill skills self-e
    effica mobili balanc cognit memory attent flexib range motion densit bone muscle lean walkin distan uptake
    fev1 hdl hemogl haemog ejecti weight-gain growth height mood sleep wellbe well-b remiss cure healin
    succes respon recove cleara immuni antibo titers titres concen activi intake confid motiva
    """)
