"""The one place where the engine's thread and the window's thread meet."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from acassist.assistant.engine_thread import EngineThread
from acassist.assistant.events import (
    Alert,
    Event,
    IssuesChanged,
    LoginAddress,
    RunEnded,
    RunProgress,
    RunStarted,
    SetupChanged,
    StatusChanged,
)
from acassist.assistant.facade import AssistantPort
from acassist.domain.problem import Problem, ProblemCode, ProblemError

T = TypeVar("T")
_log = logging.getLogger(__name__)


def problem_of(error: BaseException) -> Problem:
    """Turn what a call raised into a problem that can be shown."""
    if isinstance(error, ProblemError):
        return error.problem
    return Problem(ProblemCode.INTERNAL, detail=type(error).__name__)


class Call(QObject):
    """One request on its way; its callbacks run on the window's thread, or not at all once it is cancelled."""

    def __init__(
        self,
        bridge: Bridge,
        owner: QObject,
        done: Callable[[Any], None],
        failed: Callable[[Problem], None] | None,
    ) -> None:
        super().__init__(bridge)
        self._owner, self._done, self._failed = owner, done, failed
        self._cancelled = False
        self.future: Future[Any] | None = None
        self.item: Callable[[Any], None] | None = None

    @property
    def active(self) -> bool:
        """Tell whether an answer may still arrive."""
        return not self._cancelled and self.future is not None

    def cancel(self) -> None:
        """Give up; neither callback will run."""
        self._cancelled = True
        if self.future is not None:
            self.future.cancel()

    def _wanted(self) -> bool:
        return not self._cancelled and shiboken6.isValid(self._owner)

    def deliver_item(self, item: object) -> None:
        """Hand one element of a stream to its owner."""
        if self._wanted() and self.item is not None:
            self.item(item)

    def deliver(self, result: object, problem: Problem | None, unhandled: Callable[[Problem], None]) -> None:
        """Hand the outcome to the owner, on the window's thread."""
        wanted, self.future = self._wanted(), None
        if wanted:
            if problem is None:
                self._done(result)
            else:
                (self._failed or unhandled)(problem)
        self.deleteLater()


class Bridge(QObject):
    """Moves events and answers of the engine to the window's thread, and requests the other way."""

    runStarted = Signal(object)
    runProgress = Signal(object)
    runEnded = Signal(object)
    statusChanged = Signal(object)
    setupChanged = Signal(object)
    issuesChanged = Signal(object)
    alert = Signal(object)
    loginAddress = Signal(object)
    reopened = Signal()
    """The profile was closed and opened anew; everything shown has to be read again."""
    failed = Signal(object)
    """A `Problem` of a call that has no handler of its own."""

    _event = Signal(object)
    _outcome = Signal(object, object, object)
    _item = Signal(object, object)
    _again = Signal(object, object)

    def __init__(self, engine: EngineThread[AssistantPort], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._closed = False
        self._before: AssistantPort | None = None
        self._signals = {
            RunStarted: self.runStarted,
            RunProgress: self.runProgress,
            RunEnded: self.runEnded,
            StatusChanged: self.statusChanged,
            SetupChanged: self.setupChanged,
            IssuesChanged: self.issuesChanged,
            Alert: self.alert,
            LoginAddress: self.loginAddress,
        }
        self._event.connect(self._on_event, Qt.ConnectionType.QueuedConnection)
        self._outcome.connect(self._on_outcome, Qt.ConnectionType.QueuedConnection)
        self._item.connect(self._on_item, Qt.ConnectionType.QueuedConnection)
        self._again.connect(self._on_again, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = engine.assistant.events.subscribe(self._from_engine)

    @property
    def assistant(self) -> AssistantPort:
        """Return the facade for its few methods that need no network and no waiting (`resolve_account`)."""
        return self._engine.assistant

    @property
    def busy(self) -> bool:
        """Tell whether any request has not been answered yet."""
        return any(call.active for call in self.findChildren(Call))

    def close(self) -> None:
        """Listen no longer; answers that arrive later are dropped."""
        self._closed = True
        self._unsubscribe()
        for call in self.findChildren(Call):
            call.cancel()

    def _from_engine(self, event: Event) -> None:
        if shiboken6.isValid(self):
            self._event.emit(event)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        self._signals[type(event)].emit(event)

    def call(
        self,
        work: Callable[[AssistantPort], Coroutine[Any, Any, T]],
        done: Callable[[T], None],
        failed: Callable[[Problem], None] | None = None,
        *,
        owner: QObject,
    ) -> Call:
        """Run a coroutine of the assistant; the callbacks run here while `owner` lives."""
        call = Call(self, owner, done, failed)
        self._send(call, work)
        return call

    def _send(self, call: Call, work: Callable[[AssistantPort], Coroutine[Any, Any, Any]]) -> None:
        """Hand a request to the engine; after the end nothing is sent and nothing answers."""
        if not self._closed:
            call.future = self._engine.submit(work)
            call.future.add_done_callback(_Finisher(self, call))

    def stream(
        self,
        work: Callable[[AssistantPort], AsyncIterator[T]],
        item: Callable[[T], None],
        done: Callable[[None], None],
        failed: Callable[[Problem], None] | None = None,
        *,
        owner: QObject,
    ) -> Call:
        """Run an asynchronous iterator of the assistant and hand over each element as it comes."""
        call = Call(self, owner, done, failed)
        call.item = item

        async def drain(assistant: AssistantPort) -> None:
            async for element in work(assistant):
                if shiboken6.isValid(self):
                    self._item.emit(call, element)

        self._send(call, drain)
        return call

    def reopen(
        self,
        prepare: Callable[[AssistantPort], Coroutine[Any, Any, Callable[[], None]]],
        failed: Callable[[Problem], None],
        *,
        owner: QObject,
    ) -> None:
        """Close the profile and open it anew, with what `prepare` returns done in between; `reopened` tells it.

        Answers to what was asked before do not arrive any more.
        """
        call = Call(self, owner, _nothing, failed)

        self._before = self._engine.assistant

        def tell(done: Future[AssistantPort]) -> None:
            if not done.cancelled() and shiboken6.isValid(self):
                self._again.emit(call, done.exception())

        self._engine.reopen(prepare).add_done_callback(tell)

    @Slot(object, object)
    def _on_again(self, call: Call, error: BaseException | None) -> None:
        before, self._before = self._before, None
        self._unsubscribe()
        self._unsubscribe = self._engine.assistant.events.subscribe(self._from_engine)
        if error is None or self._engine.assistant is not before:
            self._forget_calls(call)
        if error is not None:
            call.deliver(None, problem_of(error), self.failed.emit)
            return
        call.deleteLater()
        self.reopened.emit()

    def _forget_calls(self, but: Call) -> None:
        """Give up what was asked of an assistant that is closed now."""
        for asked in self.findChildren(Call):
            if asked is not but:
                asked.cancel()
                asked.deleteLater()

    @Slot(object, object)
    def _on_item(self, call: Call, element: object) -> None:
        if shiboken6.isValid(call):
            call.deliver_item(element)

    @Slot(object, object, object)
    def _on_outcome(self, call: Call, result: object, error: BaseException | None) -> None:
        if not shiboken6.isValid(call):
            return
        if error is not None and not isinstance(error, ProblemError):
            _log.error("unexpected %s in a request of the window", type(error).__name__, exc_info=error)
        call.deliver(result, None if error is None else problem_of(error), self.failed.emit)


def _nothing(_answer: object) -> None:
    """The signal `reopened` tells more than an answer would."""


class _Finisher:
    """Carries the outcome of a future from the engine's thread to the bridge."""

    def __init__(self, bridge: Bridge, call: Call) -> None:
        self._bridge, self._call = bridge, call

    def __call__(self, future: Future[Any]) -> None:
        bridge, call = self._bridge, self._call
        if not shiboken6.isValid(bridge) or not shiboken6.isValid(call):
            return
        try:
            error = future.exception()
        except CancelledError:
            return
        bridge._outcome.emit(call, None if error else future.result(), error)
