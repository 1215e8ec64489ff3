"""The words a record may use: they load together, and nothing that the packs name is out of their reach."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from ucumvert import PintUcumRegistry

from atopy.record.model import Kind
from atopy.record.units import convert as convert_unit
from atopy.record.vocabulary import Code, Term, Vocabulary, vocabulary
from atopy.yaml_source import convert, load_yaml_file

FOLDER = "content/atopic-dermatitis/vocabulary"
SYSTEMS = {
    "http://snomed.info/sct": "snomed",
    "http://loinc.org": "loinc",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "http://www.whocc.no/atc": "atc",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": "hcpcs",
}
# Codes whose meaning is not the one that the pack gives them; the head of conditions.yaml says why.
LEFT_OUT = {"icd10cm|E80.3", "icd10cm|F32.81"}
POTENCIES = ("low", "medium", "potent", "superpotent")


def _read(repository: Path) -> list[Term]:
    terms: list[Term] = []
    for path in sorted((repository / FOLDER).glob("*.yaml")):
        document = load_yaml_file(path, path.name)
        assert set(document.data) == {"terms"}, path.name
        found, problems = convert(document, document.data["terms"], list[Term], ("terms",))
        assert not problems, "\n".join(str(problem) for problem in problems)
        terms += found or []
    return terms


@pytest.fixture(scope="module")
def words(repository: Path) -> Vocabulary:
    return vocabulary(_read(repository))


def _kinds() -> set[str]:
    return {*Kind.__args__, "drug", "allergen", "therapy"}  # type: ignore[attr-defined]


def test_all_files_load_together_without_a_clash(words: Vocabulary) -> None:
    assert len(words.terms) > 1000


def test_no_name_leads_to_one_term_and_as_an_id_to_another(words: Vocabulary) -> None:
    """``find: itch`` must never mean one thing by id and a second thing by synonym."""
    wrong = {name for name, owner in words.by_name.items() if name in words.terms and owner != name}
    assert not wrong


def test_no_term_is_its_own_class(words: Vocabulary) -> None:
    assert not [group for group, ids in words.members.items() if group in ids]


@pytest.mark.parametrize("field", ["id", "kind", "name"])
def test_every_term_says_what_it_is(words: Vocabulary, field: str) -> None:
    for term in words.terms.values():
        assert getattr(term, field), term.id
        assert term.name["en"].strip(), term.id
        assert term.kind in _kinds(), term.id


def test_ids_are_snake_case(words: Vocabulary) -> None:
    assert not [i for i in words.terms if not i.replace("_", "").isalnum() or i != i.lower()]


def test_units_are_ucum(words: Vocabulary) -> None:
    registry = PintUcumRegistry()
    for unit in sorted({term.unit for term in words.terms.values() if term.unit}):
        registry.from_ucum(unit)


def test_units_are_known_to_the_reader(words: Vocabulary) -> None:
    units = sorted({term.unit for term in words.terms.values() if term.unit})
    assert not [unit for unit in units if convert_unit(Decimal(1), unit, unit) != 1]


def test_mass_becomes_substance(words: Vocabulary) -> None:
    creatinine = words.terms["creatinine"]
    assert creatinine.unit
    value = convert_unit(Decimal("1.0"), "mg/dL", creatinine.unit, creatinine.per)
    assert value is not None and round(value, 1) == Decimal("88.4")


def test_molar_masses_can_be_read(words: Vocabulary) -> None:
    for term in words.terms.values():
        if term.per:
            number, unit = term.per.split()
            assert float(number) > 1 and unit == "g/mol", term.id


def test_plausible_limits_are_in_order(words: Vocabulary) -> None:
    for term in words.terms.values():
        if term.plausible:
            low, high = term.plausible
            assert low < high, term.id


def test_every_number_has_limits(words: Vocabulary) -> None:
    """A value that no limit can quarantine would be computed with, however impossible."""
    measured = [t for t in words.terms.values() if t.kind != "drug"]  # a drug's unit says what it is dosed in
    bare = [t.id for t in measured if t.unit and not t.plausible]
    assert bare == ["blood_pressure"]  # split into its two halves, which have theirs
    assert not [t.id for t in words.terms.values() if t.kind == "score" and not t.plausible]


def test_limits_leave_room_for_real_disease(words: Vocabulary) -> None:
    real = {
        "creatinine": 2500,
        "alt": 10000,
        "eosinophils": 60,
        "ige_total": 60000,
        "temperature": 42,
        "weight": 350,
    }
    for name, value in real.items():
        limits = words.terms[name].plausible
        assert limits and limits[0] < value < limits[1], name


def test_impossible_values_are_outside_the_limits(words: Vocabulary) -> None:
    impossible = {
        "easi": 90,
        "scorad": 104,
        "poem": 29,
        "haemoglobin": 130,
        "temperature": 385,
        "weight": 700,
    }
    for name, value in impossible.items():
        limits = words.terms[name].plausible
        assert limits and value > limits[1], name


def test_topical_corticosteroid_products_have_a_potency(words: Vocabulary) -> None:
    products = words.members["topical_corticosteroid"]
    graded = {t for t in products if words.terms[t].potency}
    assert set(products) - graded == {"proactive_tcs"}  # whichever steroid the course names
    assert {words.terms[t].potency for t in graded} == set(POTENCIES)


def test_an_unstated_strength_is_never_graded_below_a_product(words: Vocabulary) -> None:
    for name in words.members["topical_corticosteroid"]:
        potency = words.terms[name].potency
        for group in words.terms[name].classes:
            above = words.terms[group].potency if group in words.terms else None
            if potency and above and name != "fluocinonide_0_1_cream":  # that grade is from memory only
                assert POTENCIES.index(above) >= POTENCIES.index(potency), (name, group)


def test_codes_are_of_known_systems(words: Vocabulary) -> None:
    known = {*SYSTEMS.values(), "cvx", "unii"}
    codes: list[Code] = [code for term in words.terms.values() for code in term.codes]
    assert {code.system for code in codes} <= known
    assert all(code.value is None or term.values for term in words.terms.values() for code in term.codes)


def test_coded_answers_are_among_the_allowed_ones(words: Vocabulary) -> None:
    for term in words.terms.values():
        assert {code.value for code in term.codes if code.value} <= set(term.values), term.id


@pytest.mark.parametrize(
    ("code", "term"),
    [
        ("atc|D11AH09", "ruxolitinib_cream"),  # the ointment and the tablet share an ingredient, not a risk
        ("atc|L01EJ01", "ruxolitinib_systemic"),
        ("atc|D11AH01", "tacrolimus_topical"),
        ("atc|L04AD02", "tacrolimus_systemic"),
        ("rxnorm|42316", "tacrolimus"),  # an ingredient alone does not tell the route
        ("loinc|71774-4", "igra_positive_control"),  # the control tube, never the result
        ("loinc|71773-6", "igra_result"),
        ("loinc|8277-6", "body_surface_area"),  # square metres, not the share affected
        ("snomed|43116000", "eczema_unspecified"),  # not atopic dermatitis without more evidence
        ("rxnorm|206978", "ketoconazole_topical"),  # a shampoo inhibits no enzyme of the liver
        ("rxnorm|282561", "methoxsalen_extracorporeal"),
        ("icd10cm|E80.4", "bilirubin_metabolism_disorder"),  # Gilbert syndrome is no porphyria
        ("icd10cm|Z33.2", "pregnancy_ended"),
        ("icd10cm|B02.22", "postherpetic_neuralgia"),  # not a zoster of today
    ],
)
def test_codes_that_are_easily_misread(words: Vocabulary, code: str, term: str) -> None:
    assert words.by_code[code] == term


def test_smoking_in_remission_is_not_smoking(words: Vocabulary) -> None:
    answers = {code.code: code.value for code in words.terms["smoking_status"].codes}
    assert answers["F17.211"] == "former"
    assert answers["F17.210"] == "current"


@pytest.mark.parametrize(
    ("group", "member"),
    [
        ("jak_inhibitor_oral", "upadacitinib"),
        ("biologic_ad", "dupilumab"),
        ("conventional_systemic", "ec_mps"),
        ("systemic_immunosuppressant", "prednisolone"),
        ("corticosteroid", "clobetasol_propionate_0_05_cream"),
        ("phototherapy", "puva"),
        ("vte", "deep_vein_thrombosis"),
        ("mace", "stroke"),
        ("ckd", "esrd"),
        ("live_vaccine", "mmr"),
        ("rubber_accelerator", "thiuram_mix"),
        ("cyp3a4_inhibitor", "clarithromycin"),
        ("ctcl_clue", "erythroderma"),
    ],
)
def test_classes_reach_through_their_parents(words: Vocabulary, group: str, member: str) -> None:
    assert member in words.members[group]


def test_a_topical_steroid_is_no_systemic_immunosuppressant(words: Vocabulary) -> None:
    assert not set(words.members["topical_corticosteroid"]) & set(words.members["systemic_immunosuppressant"])


@pytest.mark.parametrize(
    "name",
    [
        "Cyclosporine",
        "mometasone_furoate",
        "NB-UVB",
        "wet wraps",
        "thiomersal",
        "IGA",
        "pruritus NRS",
        "SALT",
        "pregnant",
    ],
)
def test_words_of_everyday_notes_are_understood(words: Vocabulary, name: str) -> None:
    assert words.term(name) is not None


def test_every_therapy_of_the_pack_can_be_named(words: Vocabulary, shared: Path) -> None:
    therapies = yaml.safe_load((shared / "clinical/therapies.yaml").read_text())["therapies"]
    missing = [name for name in therapies if name not in words.terms]
    assert len(therapies) == 45 and not missing


def test_every_instrument_of_the_pack_can_be_named(words: Vocabulary, shared: Path) -> None:
    instruments = yaml.safe_load((shared / "clinical/instruments.yaml").read_text())["instruments"]
    named = {item["id"]: words.term(item["id"]) for item in instruments}
    assert not [code for code, term in named.items() if term is None or term.kind != "score"]


def test_instruments_and_their_terms_agree_on_name_and_range(words: Vocabulary, repository: Path) -> None:
    """A total is quarantined by the vocabulary and banded by the instrument: one range for both."""
    for path in sorted((repository / FOLDER).parent.glob("instruments/*.yaml")):
        instrument = load_yaml_file(path, path.name).data
        term = words.terms[instrument["id"]]
        assert term.kind == "score"
        assert term.plausible == tuple(instrument["range"]), path.name
        for alias in instrument.get("aliases", []):
            assert words.term(alias) is term, (path.name, alias)


def test_every_code_of_the_pack_means_a_term(words: Vocabulary, shared: Path) -> None:
    codes = yaml.safe_load((shared / "clinical/codes.yaml").read_text())["codes"]
    wanted = {f"{SYSTEMS[item['system']]}|{item['code']}" for item in codes}
    assert len(wanted) > 1490
    assert wanted - set(words.by_code) == LEFT_OUT


def test_no_code_claims_to_be_verified_that_no_pack_verified(words: Vocabulary, shared: Path) -> None:
    packs = yaml.safe_load((shared / "clinical/codes.yaml").read_text())["codes"]
    only_remembered = {f"{SYSTEMS[item['system']]}|{item['code']}" for item in packs if not item["verified"]}
    read_elsewhere = (shared / "clinical/therapies.yaml").read_text()
    for term in words.terms.values():
        for code in term.codes:
            if f"{code.system}|{code.code}" in only_remembered and code.verified:
                assert code.code in read_elsewhere, code


def test_left_out_codes_are_explained(repository: Path) -> None:
    head = (repository / FOLDER / "conditions.yaml").read_text(encoding="utf-8").split("terms:")[0]
    for code in LEFT_OUT:
        assert code.split("|")[1] in head
