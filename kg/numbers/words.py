"""Words around a number that say what it is: tables for :mod:`kg.numbers.context`."""

from __future__ import annotations

from typing import Final

#: Words before a bare whole number that make it a name, not a quantity ("day 28", "Table 1").
NAMING_WORDS: Final = frozenset({
    "type", "types", "phase", "phases", "grade", "grades", "stage", "stages", "group", "groups",
    "day", "days", "d", "week", "weeks", "wk", "month", "months", "year", "years", "visit", "visits",
    "table", "tables", "figure", "figures", "fig", "figs", "step", "steps", "chapter", "section",
    "part", "parts", "class", "classes", "category", "model", "models", "version", "item",
    "question", "no", "page", "pages", "vol", "volume", "issue", "aged", "age", "ages", "arm",
    "arms", "cycle", "cycles", "study", "trial", "experiment", "reference", "references", "ref",
    "refs", "appendix", "hour", "hours", "period", "quartile", "quartiles", "quintile",
    "quintiles", "tertile", "tertiles", "cluster", "wave", "round", "session", "sessions", "box",
    "level", "levels", "schedule", "cohort", "site", "line", "row", "gestation", "season", "series",
    "aim", "objective", "hypothesis", "vitamin", "act", "postpartum", "baseline",
    "vista", "windows", "stata", "spss", "revman", "generation", "protocol", "factor", "domain",
    "scenario", "sample", "rct", "serotype", "serotypes", "genotype", "genotypes", "chromosome",
    "exon", "codon", "tanner", "asa", "killip", "nyha", "score", "interleukin", "hpv", "minute",
    "between", "week's", "postoperative", "tumor", "gavi", "postnatal", "q", "t", "strategy",
    "regimen", "regimens", "point", "omega", "complement", "apolipoprotein", "diabetes",
})  # fmt: skip
#: Of these, the ones that name a number only where nothing marks it as a value.
SOFT_NAMING_WORDS: Final = frozenset({
    "score", "level", "levels", "baseline", "between", "sample", "gestation", "days", "months",
    "weeks", "years", "hours", "sessions", "steps", "pages", "diabetes", "age", "aged",
})  # fmt: skip

#: Words before a stretch of time that make it a time point or a follow-up.
TIME_PREPOSITIONS: Final = frozenset({
    "after", "at", "for", "within", "over", "in", "during", "every", "until", "since", "before",
    "throughout", "first", "last", "across", "week", "postoperative", "beyond", "through", "lasting",
    "on", "baseline",
})  # fmt: skip
#: Where a stretch of time begins that ends with "to 26 weeks".
STARTS: Final = frozenset({
    "baseline", "admission", "birth", "diagnosis", "discharge", "enrollment", "enrolment", "entry", "inclusion",
    "pretreatment", "randomisation", "randomization", "start", "surgery",
})  # fmt: skip
#: What a comparative right behind a stretch of time says of it: three days faster are three fewer.
TIMES_APART: Final = {
    "shorter": -1, "earlier": -1, "sooner": -1, "quicker": -1, "faster": -1,
    "longer": 1, "slower": 1, "later": 1,
}  # fmt: skip
#: Words behind a stretch of time that do the same.
TIME_FOLLOWERS: Final = frozenset({
    "after", "later", "before", "postoperatively", "postpartum", "follow-up", "followup", "ago",
    "post", "postinjection", "prior", "of", "postprandially", "following", "onward", "old", "period",
    "apart", "preoperatively", "post-treatment", "earlier",
})  # fmt: skip
#: Nouns that a number orders or counts as parts of the study, never as results.
STRUCTURAL_WORDS: Final = frozenset({
    "groups", "group", "arms", "treatments", "trials", "sites", "measurements", "readings",
    "occasions", "doses", "comparisons", "methods", "types", "phases", "categories", "drugs",
    "centers", "centres", "study", "studies", "regimens", "conditions", "measures", "outcomes",
    "sessions", "periods", "times", "databases", "reviewers", "authors", "hospitals", "clinics",
    "countries", "or", "cohorts", "interventions", "subgroups", "variables", "items", "questions",
    "domains", "factors", "scales", "tests", "visits", "sections", "steps", "stages", "independent",
    "different", "consecutive", "parallel", "separate", "major", "main", "papers", "articles",
})  # fmt: skip

#: Beginnings of words of change, by the way they point.
DECREASE_STEMS: Final = (
    "decreas", "reduc", "declin", "lower", "fell", "drop", "diminish", "attenuat", "decrement",
    "fewer", "less", "smaller", "shorten", "shorter", "loss", "weaker", "slower", "suppress",
    "inhibit", "lessen", "slow", "cut", "shrink", "shrank", "shrunk", "protect", "fall",
)  # fmt: skip
INCREASE_STEMS: Final = (
    "increas", "rise", "rising", "rose", "higher", "greater", "more", "gain", "improv", "elevat",
    "grew", "growth", "larger", "longer", "faster", "better", "augment", "enhanc", "increment",
    "excess", "raise", "raising", "worsen", "deteriorat",
)  # fmt: skip
#: Words that begin like one of the above and mean something else.
NOT_CHANGE: Final = frozenset({
    "moreover", "lesson", "lessons", "growing", "fallen", "falls", "faller", "fallers", "cutoff",
    "cut-off", "protected", "protective", "protection", "dropout", "dropouts", "drop-out", "drop-outs", "slow-release", "reduction-free", "lesser", "losses", "less-invasive", "unless",
})  # fmt: skip
#: Nouns of change: "a reduction of 5%", "5% reduction".
CHANGE_NOUN_STEMS: Final = (
    "decreas", "reduction", "decline", "drop", "increas", "rise", "gain", "improvement", "elevation",
    "change", "growth", "increment", "decrement", "fall", "loss", "lowering", "shortening",
    "inhibition", "suppression", "excess", "attenuation", "difference",
)  # fmt: skip
#: Words between a percentage and its word of change that break the connection.
CONNECTION_BREAKERS: Final = frozenset({
    "of", "in", "had", "were", "was", "for", "with", "among", "at", "reported", "who", "received",
    "is", "are", "have", "has", "on", "by", "from", "that", "which", "than", "during", "after",
    "before", "per", "achieved", "experienced", "developed", "showed", "when", "while", "but",
    "compared", "as", "using", "within", "over", "under", "into", "did", "if", "whereas",
    "patients", "participants", "subjects", "women", "men", "children", "people",
})  # fmt: skip

#: Approximations and fillers that may stand right before a number.
FILLERS: Final = frozenset({
    "about", "approximately", "approx", "around", "nearly", "almost", "roughly", "a", "an", "the",
    "only", "just", "average", "mean", "median", "total", "up", "some", "estimated", "circa", "ca",
    "additional", "further", "as", "much", "another", "even", "respectively",
})  # fmt: skip

#: Verbs and words before a bare number that make it a reported value.
VALUE_WORDS: Final = frozenset({
    "was", "were", "is", "are", "of", "by", "to", "averaged", "reached", "had", "at", "from",
    "equal", "equals", "equaled", "showed", "scored", "remained", "between", "lasted", "took", "numbered",
})  # fmt: skip

#: Words that announce a threshold or a rule instead of a result.
THRESHOLD_WORDS: Final = frozenset({
    "considered", "defined", "definition", "threshold", "deemed", "regarded", "cutoff", "cut-off",
    "denoted", "denotes", "accepted", "set", "alpha", "chosen", "taken", "criterion", "significance",
})  # fmt: skip
#: What makes a sentence one about the significance level (with a p value and a threshold word).
SIGNIFICANCE_WORDS: Final = frozenset(
    {"significant", "significance", "significantly", "statistical"}
)

#: Things that happen to people: a bare number before one of these words counts results.
EVENT_WORDS: Final = frozenset({
    "deaths", "death", "events", "event", "strokes", "infarctions", "fractures", "fracture", "falls",
    "exacerbations", "infections", "infection", "admissions", "hospitalizations", "hospitalisations",
    "episodes", "episode", "attacks", "relapses", "recurrences", "pregnancies", "cases", "case",
    "births", "complications", "withdrawals", "dropouts", "discontinuations", "adverse", "sudden",
    "cardiac", "nonfatal", "fatal", "myocardial", "bleeds", "seizures", "tumors", "tumours",
    "cancers", "failures", "responses", "reactions", "hospitalized", "died", "miscarriages",
    "stillbirths", "injuries", "perforations", "conversions", "reoperations", "readmissions", "serious",
    "deliveries", "abortions", "metastases", "progression", "progressions", "remissions",
})  # fmt: skip
#: Verbs of what was seen: "… occurred in 76 patients".
HAPPENED_WORDS: Final = frozenset({
    "reported", "observed", "occurred", "developed", "seen", "found", "achieved", "noted",
    "detected", "diagnosed", "recorded", "experienced", "documented", "confirmed", "present",
    "noticed", "identified", "abnormal", "positive", "required", "occurring", "needed", "mentioned", "emerged",
    "appeared", "cropped", "picked", "registered", "encountered", "suffered",
})  # fmt: skip
#: Who is counted.
COUNTED_PEOPLE: Final = frozenset({
    "patients", "participants", "people", "subjects", "women", "men", "individuals", "children",
    "adults", "persons", "infants", "volunteers", "controls", "eyes", "mice", "rats", "animals",
    "patient", "participant", "subject", "woman", "man", "child", "infant", "animal", "recipients",
    "recipient", "mothers", "boys", "girls", "limbs", "cases", "teeth", "tooth", "isolates", "players", "pupils",
    "students", "residents", "nurses", "neonates", "newborns", "babies", "runners", "athletes", "cyclists", "dogs", "cats",
    "rabbits", "pigs", "users", "employees", "workers", "veterans", "soldiers", "hips", "knees", "implants", "households",
    "families", "person",
})  # fmt: skip
#: Words right before a number that state it.
STATING_WORDS: Final = frozenset({
    "was", "were", "is", "averaged", "reached", "remained", "scored", "median", "mean", "average",
    "equaled", "to", "totaled", "attained", "by", "of", "lasted", "took",
})  # fmt: skip
#: Beginnings of names of quantities that are themselves printed in per cent.
PERCENT_SCALES: Final = (
    "hba", "a1c", "haemoglobin", "hemoglobin", "hematocrit", "haematocrit", "lvef", "fmd",
    "flow-mediated", "spo2", "sao2", "glycated", "glycosylated", "%bf",
)  # fmt: skip
#: What a percentage is the strength of.
SOLUTIONS: Final = frozenset({
    "solution", "gel", "cream", "ointment", "saline", "nacl", "dextrose", "formalin", "ethanol",
    "drops", "lotion", "chlorhexidine", "hydrogen", "peroxide", "w/v", "agarose", "plain", "alcohol",
    "isoflurane", "sevoflurane", "oxygen", "o2", "co2", "albumin", "sucrose",
})  # fmt: skip

#: Verbs of what people did or suffered: "197 dropped out", "three animals presented with …".
EVENT_VERBS: Final = frozenset({
    "died", "dropped", "withdrew", "discontinued", "developed", "experienced", "presented", "had",
    "reported", "completed", "achieved", "relapsed", "recovered", "required", "showed", "became",
    "responded", "suffered", "survived", "progressed", "underwent", "complained", "remained",
    "received", "tested", "met", "were", "was", "did",
})  # fmt: skip
#: Past tenses without "-ed" of what people do or suffer.
DEEDS: Final = frozenset({
    "withdrew", "met", "fell", "lost", "became", "underwent", "felt", "kept", "got", "broke",
    "overcame", "slept", "died",
})  # fmt: skip
#: Forms of "be".
BEING: Final = frozenset({"was", "were", "is", "are", "be", "been"})
#: What befalls people, whatever stands behind: "20 women in the ward died of it".
BEFALLING_VERBS: Final = frozenset({
    "died", "withdrew", "failed", "relapsed", "recovered", "survived", "responded", "progressed", "discontinued",
    "dropped", "quit", "stopped", "refused", "improved", "worsened", "deteriorated", "developed", "experienced",
    "requested", "insisted", "required", "needed", "missed", "resigned", "left", "fell",
})  # fmt: skip
#: What people do because a study asks them to.
STUDY_DEEDS: Final = frozenset({
    "aged", "received", "completed", "performed", "consumed", "ingested", "started", "agreed",
    "consented", "declined", "switched", "finished", "excluded", "matched", "infected", "diagnosed",
    "provided", "signed", "volunteered", "visited", "followed", "joined", "registered", "entered",
    "used", "monitored", "measured", "killed", "sacrificed", "euthanized", "euthanised",
})  # fmt: skip
#: Words behind a participle that make it a description: "admitted to", "scheduled for".
RELATING_WORDS: Final = frozenset({
    "to", "for", "from", "with", "by", "in", "on", "at", "between", "as", "into", "over", "above",
    "within", "under", "and", "or",
})  # fmt: skip
#: Verbs that make a number of people a sample size.
SAMPLE_WORDS: Final = frozenset({
    "randomized", "randomised", "randomly", "enrolled", "enroled", "included", "recruited",
    "assigned", "allocated", "involving", "comprising", "studied", "examined", "eligible",
    "analyzed", "analysed", "identified", "screened", "invited", "evaluated", "participated",
    "divided", "selected", "consisted", "comprised", "total", "sample", "assessed", "treated",
    "included:", "killed", "sacrificed", "euthanized", "euthanised", "searched", "trials", "studies", "articles", "papers", "reviewed",
})  # fmt: skip


def change_direction(word: str) -> int:
    """Return -1 for a word of decrease, 1 for one of increase, 0 for any other (lower case)."""
    if word in NOT_CHANGE:
        return 0
    if word.startswith(DECREASE_STEMS):
        return -1
    if word.startswith(INCREASE_STEMS):
        return 1
    return 0
