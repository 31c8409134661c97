"""Words that tell what stands beside them: who took part, what was given, what was measured.

Each set is a feature of the mention tagger (its name is the feature's), none decides by itself.
All entries are single lower-case words.
"""

from __future__ import annotations

from kg.lexicon import word_set

PERSON = word_set("""
    patient patients participant participants subject subjects person persons people individual individuals
    adult adults child children infant infants neonate neonates newborn newborns baby babies toddler toddlers
    adolescent adolescents teenager teenagers youth boy boys girl girls man men woman women male males female
    females mother mothers father fathers parent parents volunteer volunteers case cases control controls
    outpatient outpatients inpatient inpatients survivor survivors carrier carriers smoker smokers
    nonsmokers veteran veterans student students nurse nurses physician physicians athlete athletes
    player players worker workers resident residents elderly elders senior seniors twin twins donor donors
    recipient recipients caregiver caregivers couple couples family families household households pregnant
    pregnancies cohort population populations respondents attendees enrollees relatives users nonusers
    eyes knees hips teeth rats mice mouse rat pigs chicks animals dogs dancers dieters practitioners gps
    """)

GROUP = word_set(
    "group groups arm arms cohort cohorts subgroup subgroups condition conditions team teams"
)

COMPARATOR = word_set("""
    placebo placebos control controls sham usual standard conventional vehicle saline untreated no
    observation waitlist waiting wait-list comparator comparison routine attention normal healthy
    dummy inactive alone reference unexposed non-users lowest
    """)

GIVEN = word_set("""
    received receive receiving given administered administration treated treatment treating taking took
    randomized randomised randomly assigned allocated allocation supplemented supplementation
    supplement supplements using use used underwent undergo undergoing injected infusion injection
    prescribed consumed ingested exposed exposure intake therapy intervention regimen add-on plus
    combined combination either efficacy effect effects effectiveness safety
    """)

VERSUS = word_set(
    "versus vs v than compared comparing comparison against between over with relative or and respectively"
)

CHANGE = word_set("""
    increase increased increases increasing decrease decreased decreases decreasing reduce reduced reduces
    reduction reductions rise rose raised fall fell fallen decline declined lower lowered lowering higher
    elevated elevation improve improved improves improvement improvements worse worsened worsening change
    changes changed difference differences differ differed greater less more fewer better longer shorter
    similar same comparable unchanged prevented prevents prevention prevent alleviated aggravated
    enhanced attenuated suppressed inhibited gain gained loss lost grew drop dropped doubled halved
    associated association associations related correlated correlation predicted predictor likely risk
    """)

MEASURED = word_set("""
    outcome outcomes endpoint endpoints measure measures measured measurement assessed evaluated evaluate
    determined primary secondary score scores scale index rate rates level levels concentration
    concentrations incidence prevalence risk risks odds hazard frequency number proportion percentage
    mean median average time duration survival mortality death deaths events event symptoms symptom
    quality function severity intensity pain volume density pressure weight mass count counts ratio
    efficacy tolerability toxicity safety status adherence compliance satisfaction
    """)

LIGHT = word_set("""
    change changes increase increases decrease decreases reduction reductions improvement improvements
    difference differences rate rates risk risks incidence prevalence number proportion percentage mean
    median level levels concentration concentrations frequency odds likelihood probability rise decline
    effect effects amount extent degree value values
    """)

STATISTIC = word_set("""
    ci confidence interval intervals p hr or rr md smd ratio ratios sd se sem range significant
    significantly significance adjusted respectively versus iqr mean median
    """)

DISEASE_ENDINGS = (
    "itis", "osis", "emia", "aemia", "oma", "pathy", "opathy", "algia", "penia", "plegia", "rrhea", "rrhoea",
    "asthenia", "trophy", "sclerosis", "uria", "edema", "oedema", "pnea", "cancer", "phobia", "epsy",
)  # fmt: skip

DISEASE = word_set("""
    disease diseases disorder disorders syndrome syndromes cancer cancers carcinoma tumor tumors tumour
    tumours diabetes diabetic hypertension infection infections injury injuries fracture fractures failure
    deficiency insufficiency stroke asthma copd depression anxiety obesity obese overweight pain migraine
    headache pneumonia sepsis malaria hiv aids tuberculosis glaucoma cataract epilepsy autism adhd
    schizophrenia dementia parkinson alzheimer influenza cold fever lesion lesions ulcer ulcers infarction
    ischemia ischaemia thrombosis embolism hemorrhage haemorrhage bleeding preeclampsia pre-eclampsia
    eczema acne rash cirrhosis fibrosis leukemia leukaemia lymphoma melanoma caries colic insomnia apnea
    apnoea rickets osteopenia frailty falls covid
    """)

DRUG_ENDINGS = (
    "mab", "nib", "pril", "sartan", "statin", "olol", "azole", "cillin", "mycin", "floxacin", "gliptin",
    "glutide", "gliflozin", "prazole", "setron", "triptan", "tidine", "dipine", "parin", "xaban", "platin",
    "taxel", "rubicin", "bicin", "caine", "fenac", "profen", "oxicam", "coxib", "sone", "solone", "nide",
    "terol", "tropium", "prost", "vir", "oxetine", "pramine", "azepam", "zepam", "barbital", "dronate",
    "calciferol", "trexate", "zolamide", "formin", "glitazone", "thiazide", "semide", "lukast", "curium",
    "fungin", "micin", "oxacin", "cycline", "tadine", "zine", "amide", "trozole", "tamoxifen", "xifene",
)  # fmt: skip

INTERVENTION = word_set("""
    vitamin supplement supplements supplementation therapy treatment training exercise exercises diet
    surgery program programme education counseling counselling intervention drug drugs dose doses vaccine
    vaccination vaccines tablet tablets capsule capsules cream gel injection injections infusion acupuncture
    massage yoga chemotherapy radiotherapy laser stent stents device app feedback rehabilitation screening
    implant omega calcium zinc iron magnesium folate insulin metformin aspirin warfarin heparin probiotic
    probiotics melatonin caffeine oil extract juice milk fish sunlight uvb light
    """)

UNIT = word_set(
    "mg g kg μg µg mcg ug ng iu ml mmol nmol pmol day daily week weekly month twice once bid tid"
)

SETS: dict[str, frozenset[str]] = {
    "person": PERSON, "group": GROUP, "comparator": COMPARATOR, "given": GIVEN, "versus": VERSUS,
    "change": CHANGE, "measured": MEASURED, "light": LIGHT, "statistic": STATISTIC, "disease": DISEASE,
    "intervention": INTERVENTION, "unit": UNIT,
}  # fmt: skip

ENDINGS: dict[str, tuple[str, ...]] = {
    "disease_ending": DISEASE_ENDINGS,
    "drug_ending": DRUG_ENDINGS,
}
