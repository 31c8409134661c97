"""Words that tell whether a number counts participants, and which of them is the total. Data only."""

from __future__ import annotations

import re

from kg.lexicon import word_set

#: Heads of phrases that count people, animals, or what a trial may randomise instead of them.
PERSON = re.compile(
    r"(?:\w+-|non)?(?:(?:in|out)?-?patients|pts|participants|subjects|volunteers|women|men|females|males|"
    r"children|boys|girls|infants|newborns|neonates|babies|toddlers|preschoolers|schoolchildren|"
    r"adolescents|teenagers|teens|youths?|adults|seniors|elders|elderly|persons|people|"
    r"individuals|humans|mothers|fathers|parents|couples|twins|families|households|dyads|caregivers|"
    r"students|residents|inhabitants|citizens|workers|employees|nurses|physicians|doctors|athletes|"
    r"players|dancers|cyclists|runners|swimmers|soldiers|veterans|recruits|personnel|inmates|"
    r"prisoners|smokers|drinkers|nonsmokers|users|consumers|survivors|donors|recipients|respondents|completers|"
    r"responders|members|enrollees|enrolees|beneficiaries|decedents|migrants|immigrants|refugees|"
    r"carriers|cases|controls|probands|parturients|primiparas|gravidas|pregnancies|births|pairs|"
    r"eyes|knees|hips|teeth|clusters|villages|practices|clinics|schools|facilities|centenarians|"
    r"examiners|attendees|callers|asthmatics|diabetics|alcoholics|epileptics|hypertensives|insomniacs|visitors|applicants|singletons|offspring|admissions|"
    r"rats|mice|pigs|piglets|gilts|sows|swine|cows|calves|heifers|cattle|bulls|boars|steers|sheep|lambs|"
    r"ewes|goats|dogs|beagles|cats|rabbits|hamsters|monkeys|macaques|horses|hens|chickens|"
    r"chicks|broilers|birds|alpacas|llamas|fish|animals|dwellers|clients|customers|learners|pupils|"
    r"latinas|latinos|hispanics|molars|implants|trainees|spouses|relatives|siblings|firefighters|fighters|(?:\d+|\w+teen|\w+ty)-?year-?olds)"
)
#: "1- to 11-month-old", "aged 50 to 79 years": an age among the words between a number and its people.
AGE_GROUP = re.compile(
    r"\b\d{1,3}\s*-?\s*(?:to|–|-)\s*\d{1,3}[\s-]*(?:day|week|month|year|yr)s?[\s-]*(?:old|of age)?\b(?!s)"
)
#: Nothing that is counted lies behind one of these.
STOPS = word_set(
    "of in on at with without were was is are had have has who whom which that to for by from than vs versus "
    "received receiving completed and/or per during after before between among as but ± + = < > ≤ ≥ when while "
    "where if because not no did developed died . studies trials"
)
#: A number before one of these measures, dates or counts something else.
NOT_COUNTED = re.compile(
    r"(?:weeks?|months?|years?|days?|hours?)(?:-(?!case|surgery).*)?|yrs?|hrs?|h|min|minutes?|seconds?|times?|doses?|"
    r"mg|µg|μg|mcg|ug|g|kg|ml|l|dl|iu|units?|mm|cm|m|km|ng|pg|nmol|pmol|mmol|kcal|kj|hz|gy|"
    r"percent|per|fold|points?|groups?|arms?|sites?|cent(?:er|re)s?|hospitals?|countries|states|cities|"
    r"courses?|cycles?|sessions?|visits?|items?|questions?|tablets?|capsules?|drops?|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"studies|trials|rcts|articles|cohorts|papers|reports|to|or|×|x|and|the"
)
#: Families of nouns.
NOUNS: dict[str, frozenset[str]] = {
    "person": word_set("patients patient participants participant subjects subject volunteers"),
    "sexed": word_set("women men females males boys girls female male"),
    "control": word_set("controls control cases case pairs"),
    "unit": word_set(
        "eyes knees hips teeth molars implants clusters villages practices clinics schools facilities households families"
    ),
    "staff": word_set(
        "surgeons physicians doctors nurses clinicians investigators radiologists pathologists practitioners "
        "pharmacists therapists oncologists providers examiners centers centres caregivers"
    ),
    "event": word_set("births pregnancies admissions offspring"),
}


def _cues(table: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in table.items()}


#: Looked for in the 90 characters before the number, inside its sentence.
CUES_BEFORE = _cues({
    "total": r"\b(?:total|totals|totalling|altogether|overall|sum)\s+(?:number\s+)?(?:of|,)?\s*(?:the\s+)?(?:over\s+)?$|\bin (?:total|all)[,:]?\s*$|\btotal\s+(?:sample|population|cohort)[^.;]{0,30}$",
    "randomised": r"\b(?:randomi[sz]ed|randomly\s+(?:assigned|allocated|divided)|assigned|allocated)\b[^.;,]{0,25}$",
    "enrolled": r"\b(?:enrolled|enrolling|recruited|recruiting|included|including|includes|involved|involving|comprised|comprising|studied|evaluated|examined|investigated|analy[sz]ed|consisted of|selected|entered)\b[^.;,]{0,30}$",
    "among": r"\b(?:among|in|on|from|of|with|using|for)\s+(?:a\s+(?:sample|cohort|group|total)\s+of\s+)?(?:the\s+)?$",
    "of": r"\bof\s+(?:the\s+|these\s+|those\s+|all\s+)?$",
    "of, opening": r"^\W*(?:Of|Out of|Among|From)\s+(?:the\s+|a total of\s+|these\s+)?$",
    "out of": r"(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|most|half|some)\s*(?:\([^)]*\)\s*)?(?:out\s+)?of\s+(?:the\s+|these\s+)?$|/\s*$",
    "sample of": r"\b(?:sample|cohort|population|data(?:set)?|series|study|trial|pool)\s+(?:size\s+)?(?:of|in|on|with|included|involving|among|comprising|was)\s+(?:only\s+)?$",
    "screened": r"\b(?:screened|invited|approached|eligible|assessed|contacted|referred|identified)\b[^.;]{0,25}$",
    "completed": r"\b(?:completed|completers?|remaining|finished|evaluable|retained|followed)\b[^.;]{0,30}$",
    "subset": r"\b(?:subset|subgroup|subsample|sub-?group|whom|which|these|remaining|other|another|additional|further)\b[^.;]{0,30}$",
    "group": r"\b(?:group|arm|placebo|control|controls|treatment|intervention)\b[^.;]{0,25}$",
    "each": r"\b(?:each|per|every|either)\b[^.;]{0,25}$",
    "size": r"\bsample size\b[^.;]{0,40}$|\bN\s*=\s*$",
    "available": r"\bavailable (?:for|from|in|on)\s+(?:a total of\s+)?$",
    "roughly": r"\b(?:nearly|about|approximately|almost|over|more than|some|around|up to|at least|roughly)\s+$",
    "plan": r"\b(?:will|originally|targets?|targeted|planned|expected|required|anticipated|target|aim(?:s|ed)? to|calculated|need(?:ed)?|power)\b[^.;,\d]{0,60}$",
    "and": r"\band\s+$",
    "open bracket": r"\($",
    "event": r"\b(?:occurred|reported|observed|seen|developed|detected|found|diagnosed|present|identified|noted|achieved|confirmed|recorded)\s+in\s+(?:only\s+)?$|\bdeaths?\b[^.;]{0,20}$",
    "until": r"\b(?:age|aged|years|from|since|until|between)\s+$",
})  # fmt: skip
#: Looked for in the 160 characters after the phrase, inside its sentence.
CUES_AFTER = _cues({
    "randomised": r"^[^.;]{0,110}?\b(?:were|was|being|,)\s*(?:then\s+|equally\s+|finally\s+)?(?:randomi[sz]ed|randomly|allocated|assigned|divided|stratified)\b",
    "randomised bare": r"^[^.;,]{0,60}\brandomi[sz]ed\b",
    "enrolled": r"^[^.;]{0,130}?\b(?:were|was|have been|had been|participated|took part)\b\s*(?:\w+\s+)?(?:enrolled|recruited|included|entered|studied|selected|examined|evaluated|investigated|participated|admitted|identified)?",
    "enrolled strict": r"^[^.;]{0,130}?\b(?:were|was)\s+(?:\w+\s+)?(?:enrolled|recruited|included|entered|studied|selected|examined|evaluated|investigated)\b|^[^.;]{0,60}\b(?:participated|took part|volunteered|undergoing|underwent)\b",
    "analysed": r"^[^.;]{0,60}?\b(?:were|was)\s+(?:\w+\s+)?(?:analy[sz]ed|evaluable|eligible|available|assessed|assessable)\b",
    "completed": r"^[^.;]{0,60}?\b(?:completed|finished|remained)\b",
    "screened": r"^\s+(?:screened|approached|invited|assessed for|contacted)\b|^[^.;]{0,40}\bfor eligib\w+|^[^.;]{0,60}?\b(?:were|was)\s+(?:\w+\s+)?(?:screened|invited|approached|contacted|excluded|lost|withdrawn|referred)\b|^[^.;]{0,40}\b(?:declined|refused|withdrew|dropped)\b",
    "percent": r"^\s*[(\[]\s*\d+(?:[.·]\d+)?\s*%|^\s*,\s*\d+(?:\.\d+)?\s*%",
    "of": r"^\s*(?:\([^)]*\)\s*)?(?:out\s+)?of\b",
    "with": r"^,?\s+(?:\([^)]*\)\s*)?(?:with|aged|who|undergoing|suffering|diagnosed|having|hospitali[sz]ed|from|presenting|between|ages|≥|>|attending|treated|scheduled)\b",
    "age": r"^[^.;]{0,40}?\b(?:mean age|aged|years|yrs?|age)\b",
    "group": r"^[^.;,]{0,40}?\b(?:group|arm|groups|arms)\b",
    "received": r"^[^.;,]{0,30}?\b(?:received|receiving|took|taking|given|got|in|on|assigned to|allocated to)\b",
    "had": r"^\s+(?:had|showed|developed|died|experienced|achieved|reported|were found|met|responded)\b",
    "per": r"^\s*(?:per|in each|each|/|for each|in both)\b|^[^.;,]{0,15}\bper\b",
    "two groups": r"^[^.;]{0,140}?\b(?:two|three|four|2|3|4|five|six)\s+(?:\w+\s+){0,2}(?:groups|arms)\b|^[^.;]{0,120}\bor\s+(?:\w+\s+)?(?:placebo|control)\b",
    "split": r"^\s*[(:,][^.;)]{0,40}\d+\s+[a-z]",
    "and count": r"^\s*(?:\([^)]*\)\s*)?,?\s*and\s+(?:\d|[a-z]+-?[a-z]+\s+(?:healthy|control))",
    "closes": r"^\s*[)\]]",
    "years": r"^\s*-?\s*(?:years?|weeks?|months?)\b",
    "from trials": r"^[^.;]{0,30}\b(?:from|in|of)\s+(?:\w+\s+){0,2}(?:studies|trials|RCTs)\b",
})  # fmt: skip

#: Looked for in the clause of the number itself, from the phrase to the next number counted.
OWN_CUES = _cues({
    "randomised": r"\brandom(?:i[sz]ed|i[sz]ation|ly)\b|\b(?:were|was)\s+(?:\w+\s+)?(?:assigned|allocated|divided)\b",
    "enrolled": r"\b(?:enrolled|recruited|included|entered|accrued|registered|studied|participated|took part|volunteered|consented|agreed)\b",
    "analysed": r"\b(?:analy[sz]ed|evaluable|analy[sz]able|assessable|evaluated|available)\b",
    "completed": r"\b(?:completed|finished|remained)\b",
    "screened": r"\b(?:screened|approached|invited|contacted|eligib\w+|referred|assessed for|identified|potentially|expressed)\b",
    "lost": r"\b(?:excluded|declined|refused|withdrew|withdrawn|dropped|lost to|discontinued)\b",
    "treated": r"\b(?:received|given|treated with|underwent|assigned to|allocated to|took)\b",
    "had": r"^\s+(?:had|showed|developed|died|experienced|achieved|reported|responded)\b",
    "group": r"^[^,;.]{0,50}\b(?:group|arm)\b",
    "two groups": r"\b(?:two|three|four|2|3|4|five|six)\s+(?:\w+\s+){0,2}(?:groups|arms)\b|\bor\s+(?:\w+\s+)?(?:placebo|control)\b",
    "age": r"\b(?:aged|years|age)\b",
    "met criteria": r"\b(?:met|meeting|fulfil\w+|satisf\w+)\b[^.;]{0,40}\bcriteria\b|\bqualified\b",
    "elsewhere": r"\b(?:previous(?:ly)?|historical|earlier|another|other)\b",
})  # fmt: skip
#: What a phrase calls the people it counts.
CALLED = _cues(
    {
        "eligible": r"\b(?:eligible|potential|invited|referred|approached|screened)\b",
        "evaluable": r"\b(?:evaluable|analy[sz]able|assessable)\b",
        "randomised": r"\brandomi[sz]ed\b",
        "enrolled": r"\b(?:enrolled|recruited|included)\b",
        "consecutive": r"\bconsecutive\b",
        "remaining": r"\b(?:remaining|other|additional|further)\b",
        "planned": r"\b(?:planned|intended|expected|required|anticipated|projected)\b",
    }
)
#: Opens a clause that names the people from whom others are taken: "Of the 208 eligible women, 201 …".
BASE = re.compile(
    r"(?:^|[.;:,]\s+)\W*(?:of|out of|among|from)\s+(?:the\s+|a total of\s+|these\s+|all\s+|an initial\s+)*$",
    re.IGNORECASE,
)
#: What those who are taken did, most telling first.
TAKEN = _cues(
    {
        "randomised": r"\brandom(?:i[sz]ed|i[sz]ation|ly)\b|\b(?:were|was)\s+(?:\w+\s+)?(?:assigned|allocated)\b",
        "enrolled": r"\b(?:enrolled|recruited|included|entered|participated|took part|consented|agreed|accepted)\b",
        "analysed": r"\b(?:analy[sz]ed|evaluable|analy[sz]able|assessable|available|evaluated)\b",
        "completed": r"\b(?:completed|finished|remained)\b",
        "treated": r"\b(?:received|treated|underwent)\b",
    }
)
STUDIES_BEFORE = re.compile(
    r"\b(?:studies|trials|RCTs|articles|cohorts|papers|reports)\b[^.;]{0,40}$", re.IGNORECASE
)

#: Declared weights for the choice of the total; training refines them.
PRIOR: dict[str, float] = {
    "is a sum": 2.5, "rounds another": -3.0, "before: roughly": -1.0, "before: plan": -1.0,
    "before: total": 1.0, "sum with controls": 1.5, "before: available": 3.0, "after: randomised": 1.0, "after: enrolled strict": 1.0,
    "before: of, opening": -2.0, "after: screened": -1.5, "before: screened": -0.5, "small": -2.0,
    "adds up": 1.0, "in a whole": -1.0, "product": 1.5, "in a product": -1.5, "sum opens": 0.5, "before: each": -1.0, "after: per": -1.5, "sum, part out": -2.0,
    "own: screened": -1.0, "base, part randomised": -1.0, "planned, others took part": -2.0,
    "own: met criteria": 1.0, "before: event": -1.0, "screened, others took part": -3.0,
    "sum, one noun": 1.0, "shares its noun": -1.0, "beside a plan": 0.5, "few units": -1.0, "first whole": 1.0,
}  # fmt: skip
