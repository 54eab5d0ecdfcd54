"""The playground as a web application: addresses, and what is answered to whom."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.playground.forms import ANSWER, TYPED
from bot.channels.playground.guard import Guard
from bot.channels.playground.listener import HOME, Listener, Sorry
from bot.channels.playground.live import Live
from bot.channels.playground.pages import Pages, Preview
from bot.channels.playground.people import KLARTEXT, Seat, seat
from bot.channels.playground.samples import ShowSamples, none_of_them
from bot.channels.playground.sender import PlaygroundProfiles, PlaygroundSender
from bot.channels.playground.store import Store, StoreUnavailable
from bot.chat.ports import Context, Profiles, Sender
from bot.chat.router import Router
from bot.i18n import LANGUAGES, say

MAX_BODY = 1_000_000  # bytes
_MAX_FIELDS = 1_000
_STATIC = Path(__file__).parent / "static"
_COOKIE = "klartext_language"
_YEAR = 365 * 24 * 3600  # seconds

Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Playground:
    """What the composition root mounts and joins. `stop` ends the open streams before the server stops."""

    routes: Sequence[BaseRoute]
    sender: Sender
    profiles: Profiles
    stop: Callable[[], None]


def playground(
    router: Router,
    context: Context,
    store: Store,
    *,
    previews: Mapping[str, Preview] | None = None,
    message_actions: Sequence[tuple[str, str]] = (),
    samples: ShowSamples = none_of_them,
) -> Playground:
    """The playground over a router. `message_actions`: action and locale key of each message shortcut.

    `samples` are shown under `/flows`, read anew each time.
    """
    live = Live(store)
    listener = Listener(router, context, store, [action for action, _ in message_actions])
    site = _Site(listener, store, live, Pages(store, previews, message_actions), samples)
    app = Starlette(
        routes=site.routes(),
        exception_handlers={
            Sorry: site.sorry,
            StoreUnavailable: site.unavailable,
            HTTPException: site.no_page,
            Exception: site.broken,
        },
    )
    guarded = Guard(app, site.refused)
    return Playground([Mount("/", app=guarded)], PlaygroundSender(store), PlaygroundProfiles(), live.stop)


class _Site:
    """The pages and what they post. Without the script a post is answered by the page, drawn anew."""

    def __init__(
        self, listener: Listener, store: Store, live: Live, pages: Pages, samples: ShowSamples
    ) -> None:
        self._listener = listener
        self._store = store
        self._live = live
        self._pages = pages
        self._samples = samples

    def routes(self) -> list[BaseRoute]:
        """All addresses."""
        posts: dict[str, Callable[[Seat, Posted], Awaitable[None]]] = {
            "say": self._say,
            "press": self._press,
            "choose": self._choose,
            "form": self._form,
            "changed": self._changed,
            "look": self._look,
            "close": self._close,
        }
        return [
            Mount("/static", StaticFiles(directory=_STATIC)),
            Route("/", self._start),
            Route("/favicon.ico", _no_icon),
            Route("/flows", self._flows),
            Route("/flows/{kind}", self._flows),
            Route("/{person}/{room}", self._page),
            Route("/{person}/{room}/home", self._home),
            Route("/{person}/{room}/live", self._stream),
            Route("/{person}/{room}/options", self._options),
            *(
                Route(f"/{{person}}/{{room}}/{name}", self._posting(act), methods=["POST"])
                for name, act in posts.items()
            ),
        ]

    async def _start(self, request: Request) -> Response:  # noqa: ARG002  (the interface of a route)
        return RedirectResponse("/mara/marketing", 303)

    async def _flows(self, request: Request) -> Response:
        language = _language(request)
        found = await asyncio.to_thread(self._samples, language)  # reads files
        kind = request.path_params.get("kind", "")
        if kind and kind not in {sample.id for sample in found.kinds} and found.kinds:
            raise HTTPException(404)
        return _remembering(request, HTMLResponse(self._pages.samples(found, kind, language)))

    async def _page(self, request: Request) -> Response:
        here, language = _seat(request), _language(request)
        shown = self._pages.page(here, language)
        with suppress(StoreUnavailable):  # a page can be read while the disk is full
            self._store.saw(here.person.id, here.place.id)
        return _remembering(request, HTMLResponse(shown))

    async def _home(self, request: Request) -> Response:
        here = _seat(request)
        if here.room != KLARTEXT:
            raise HTTPException(404)
        card = await self._listener.open_home(here)
        shown = self._pages.page(here, _language(request), card, at_home=True)
        return _remembering(request, HTMLResponse(shown))

    async def _stream(self, request: Request) -> Response:
        here, language = _seat(request), _language(request)
        seen = request.headers.get("last-event-id") or request.query_params.get("since", "")
        events = self._live.stream(here, seen, lambda message: self._pages.entry(message, here, language))
        return StreamingResponse(events, media_type="text/event-stream")

    async def _options(self, request: Request) -> Response:
        asked = request.query_params
        found = await self._listener.options(
            _seat(request), asked.get("form", ""), asked.get("field", ""), asked.get("typed", "")
        )
        return JSONResponse([{"value": option.value, "label": option.label} for option in found])

    def _posting(
        self, act: Callable[[Seat, Posted], Awaitable[None]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def post(request: Request) -> Response:
            here = _seat(request)
            posted = await _posted(request)
            before = self._store.revision()
            await act(here, posted)
            told = bool(self._store.changes(here.place.id, here.person.id, before))
            at_home = _one(posted, "message") == HOME and not told
            if not _by_script(request):
                return RedirectResponse(f"{here.url}/home" if at_home else f"{here.url}#end", 303)
            shown, language = self._store.form(here.person.id), _language(request)
            is_known = _one(posted, "drawing") == (shown.drawing if shown else "")
            dialog = None if is_known else self._pages.dialog(here, language)
            home = self._pages.home(None, here, language) if at_home else None
            return JSONResponse({"dialog": dialog, "home": home, "go": here.url if told else None})

        return post

    async def _say(self, here: Seat, posted: Posted) -> None:
        await self._listener.talk(here, _one(posted, "text"), _one(posted, "key"), _one(posted, "thread"))

    async def _press(self, here: Seat, posted: Posted) -> None:
        names = ("message", "action", "value", "key")
        await self._listener.press(here, *(_one(posted, name) for name in names))

    async def _choose(self, here: Seat, posted: Posted) -> None:
        names = ("message", "action", "key")
        await self._listener.choose(here, *(_one(posted, name) for name in names))

    async def _form(self, here: Seat, posted: Posted) -> None:
        button = _one(posted, "button") or None
        form, key = _one(posted, "form"), _one(posted, "key")
        await self._listener.submit(here, form, key, _answers(posted), button)

    async def _changed(self, here: Seat, posted: Posted) -> None:
        form, key = _one(posted, "form"), _one(posted, "key")
        changed = _one(posted, "changed").removeprefix(ANSWER)
        await self._listener.change(here, form, key, _answers(posted), changed)

    async def _look(self, here: Seat, posted: Posted) -> None:
        form, field = _one(posted, "form"), _one(posted, "field")
        await self._listener.change(here, form, _one(posted, "key"), _answers(posted), "")
        await self._listener.options(here, form, field, _one(posted, TYPED + field))

    async def _close(self, here: Seat, posted: Posted) -> None:
        await self._listener.close(here, _one(posted, "form"), _one(posted, "key"))

    def sorry(self, request: Request, error: Exception) -> Response:
        """What was wanted is not possible."""
        assert isinstance(error, Sorry)  # noqa: S101  (Starlette's type is wider than its promise)
        return self._told(request, error.status, error.key, **error.values)

    def unavailable(self, request: Request, error: Exception) -> Response:  # noqa: ARG002
        """The file with the messages cannot be used."""
        return self._told(request, 503, "playground.error.store")

    def no_page(self, request: Request, error: Exception) -> Response:
        """There is nothing at this address, or one cannot do this here."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        key = "too_big" if status == 413 else "no_page"  # noqa: PLR2004
        return self._told(request, status, f"playground.error.{key}")

    def broken(self, request: Request, error: Exception) -> Response:  # noqa: ARG002
        """Something that nobody thought of; the server logs it."""
        return self._told(request, 500, "playground.error.broken")

    def refused(self, request: Request, key: str) -> Response:
        """The request does not come from a page of ours."""
        return self._told(request, 403, key)

    def _told(self, request: Request, status: int, key: str, **values: object) -> Response:
        language = _language(request)
        sentence = say(language, key, **values)
        if _by_script(request):
            return JSONResponse({"say": sentence}, status)
        place = (
            seat(*request.path_params.values())
            if len(request.path_params) == len(("person", "room"))
            else None
        )
        return HTMLResponse(self._pages.sorry(language, sentence, place.url if place else "/"), status)


def _seat(request: Request) -> Seat:
    here = seat(request.path_params["person"], request.path_params["room"])
    if here is None:
        raise HTTPException(404)
    return here


async def _posted(request: Request) -> Posted:
    """The fields of a form, each as often as it came. Raises HTTPException if there are too many bytes."""
    body, size = bytearray(), 0
    async for chunk in request.stream():  # to its end: who is still sending does not read our answer
        size += len(chunk)
        if size <= MAX_BODY:
            body += chunk
    if size > MAX_BODY:
        raise HTTPException(413)
    try:
        pairs = parse_qsl(
            bytes(body).decode("ascii", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS
        )
    except ValueError as error:
        raise HTTPException(413) from error
    posted: dict[str, list[str]] = {}
    for name, value in pairs:
        posted.setdefault(name, []).append(value)
    return posted


def _answers(posted: Posted) -> Posted:
    return {name.removeprefix(ANSWER): value for name, value in posted.items() if name.startswith(ANSWER)}


def _one(posted: Posted, name: str) -> str:
    return posted[name][0] if name in posted else ""


def _by_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _language(request: Request) -> str:
    """The language of the page: chosen by the address, remembered, or the browser's first that we speak."""
    wanted = (request.query_params.get("lang"), request.cookies.get(_COOKIE))
    accepted = (
        part.strip()[:2].casefold() for part in request.headers.get("accept-language", "").split(",")
    )
    return next((name for name in (*wanted, *accepted) if name in LANGUAGES), "en") or "en"


def _remembering(request: Request, response: Response) -> Response:
    if (chosen := request.query_params.get("lang")) in LANGUAGES:
        response.set_cookie(_COOKIE, str(chosen), max_age=_YEAR, samesite="strict", httponly=True)
    return response


async def _no_icon(request: Request) -> Response:  # noqa: ARG001  (the interface of a route)
    return Response(status_code=204)
