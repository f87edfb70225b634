import io
import json
from datetime import UTC, datetime

from acassist.cli.exits import Exit, Refusal
from acassist.cli.output import Output, clean
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from acassist.system.paths import resource
from acassist.system.translate import Translator

KEY_REFUSED = Problem(ProblemCode.AC_KEY_REFUSED, values={"host": "acme.example"})


def output_in(language: str = "en", *, as_json: bool = False) -> tuple[Output, io.StringIO, io.StringIO]:
    out, err = io.StringIO(), io.StringIO()
    translator = Translator.load(language, resource("i18n"), zone=UTC)
    return Output(out, err, translator, as_json=as_json), out, err


def test_a_problem_is_three_lines_on_standard_error_and_nothing_on_standard_output() -> None:
    output, out, err = output_in()
    output.problem(KEY_REFUSED)
    wanted = [m.english() for m in (KEY_REFUSED.title, KEY_REFUSED.sentence, KEY_REFUSED.next_step)]
    assert err.getvalue().splitlines() == wanted
    assert out.getvalue() == ""


def test_a_problem_in_json_is_one_object_on_standard_output() -> None:
    output, out, err = output_in(as_json=True)
    output.problem(KEY_REFUSED)
    found = json.loads(out.getvalue())
    assert set(found) == {"code", "title", "sentence", "next_step"}
    assert found["code"] == "ac_key_refused"
    assert found["next_step"] == KEY_REFUSED.next_step.english()
    assert err.getvalue() == ""


def test_a_problem_is_shown_in_the_language_of_the_person() -> None:
    output, _, err = output_in("es")
    output.problem(KEY_REFUSED)
    assert KEY_REFUSED.sentence.english() not in err.getvalue()
    assert len(err.getvalue().splitlines()) == 3


def test_a_refusal_is_shown_like_a_problem() -> None:
    output, out, _ = output_in(as_json=True)
    output.refusal(Refusal("not_found", Message("Nobody {name}.", {"name": "X"}), Message("Look."), Exit.RECORDS))
    found = json.loads(out.getvalue())
    assert (found["code"], found["sentence"], found["next_step"]) == ("not_found", "Nobody X.", "Look.")


def test_foreign_text_cannot_steer_the_terminal() -> None:
    output, out, _ = output_in()
    output.table([("Ann\x1b[2J\x1b]0;title\x07", "line\nbreak", "\u202egnp.exe")])
    assert not {"\x1b", "\x07", "\u202e"} & set(out.getvalue())
    assert "Ann" in out.getvalue()


def test_letters_of_all_languages_and_line_breaks_stay() -> None:
    text = "Zoë Ñandú 李 👩‍💻\n1\u202f234,50\u00a0€"
    assert clean(text) == text


def test_numbers_and_times_are_written_as_the_language_does() -> None:
    output, out, _ = output_in("es")
    output.table([(12345.5, datetime(2026, 3, 9, 17, 5, tzinfo=UTC))])
    assert "12.345,5" in out.getvalue()
    assert "17:05" in out.getvalue()


def test_markup_in_foreign_text_is_shown_as_it_is() -> None:
    output, out, _ = output_in()
    output.line("[bold]Sale[/bold] :smile:")
    assert out.getvalue() == "[bold]Sale[/bold] :smile:\n"


def test_json_is_plain_ascii() -> None:
    output, out, _ = output_in(as_json=True)
    output.data({"name": "Zoë", "at": datetime(2026, 3, 9, tzinfo=UTC)})
    assert out.getvalue().isascii()
    assert json.loads(out.getvalue()) == {"name": "Zoë", "at": "2026-03-09T00:00:00+00:00"}
