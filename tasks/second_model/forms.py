"""The forms of a request: a server that does not understand the strictest one is asked in a plainer one."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from tasks.second_model.prompt import answer_schema


@dataclass(frozen=True, slots=True)
class Form:
    """The parameters of a request besides the model and the messages.

    Attributes
    ----------
    answer
        How JSON is requested: by its schema, without a schema, or only in the words of the question.
    tokens
        Name of the parameter that limits the tokens of the answer.
    has_temperature
        Whether a temperature of 0 is requested.
    """

    answer: Literal["schema", "json", "words"] = "schema"
    tokens: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    has_temperature: bool = True

    def plainer(self, refusal: str) -> "Form | None":
        """Give the form to try after a refusal, by the words of the refusal; None if there is no plainer one."""
        if "max_completion_tokens" in refusal and self.tokens == "max_tokens":
            return replace(self, tokens="max_completion_tokens")
        if "temperature" in refusal and self.has_temperature:
            return replace(self, has_temperature=False)
        match self.answer:
            case "schema":
                return replace(self, answer="json")
            case "json":
                return replace(self, answer="words")
            case "words":
                return None

    def parameters(self, statements: int, answer_tokens: int) -> dict[str, Any]:
        """Give the parameters for a question with a number of statements."""
        named: dict[str, Any] = {self.tokens: answer_tokens}
        if self.has_temperature:
            named["temperature"] = 0
        if self.answer == "schema":
            schema = {"name": "answers", "strict": True, "schema": answer_schema(statements)}
            named["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.answer == "json":
            named["response_format"] = {"type": "json_object"}
        return named
