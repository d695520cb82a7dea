"""Sources: pictures, videos, cameras and streams, opened by what names them. Sessions are `sessions`.

A file that holds a session or a network is read here, too, and handed on.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame, Pages
from convstudio.core.geometry.shapes import Shape
from convstudio.core.live_source import LiveState
from convstudio.io.capture.cameras import CameraInfo, list_cameras
from convstudio.io.capture.capture import AddressKind, Capture, kind_of
from convstudio.io.decoding.images import read_image
from convstudio.io.file_types import FileContents, contents_of
from convstudio.io.networks.network import NetworkFile
from convstudio.io.networks.reader import read_network
from convstudio.io.samples import load_sample, typed_grid
from convstudio.io.sessions.carried import Carrier, carried_recipe
from convstudio.io.sessions.session import (
    Session,
    SourceKind,
    SourceReference,
    load_session,
    where_picture_lies,
)
from convstudio.runtime.feed import Feed
from convstudio.runtime.tasks import Tasks

T = TypeVar("T")


class SourceCommands(QObject):
    """Opens pictures, videos, cameras and streams, and says in one sentence what came of it."""

    said = Signal(str)  # what happened
    refused = Signal(str)  # what cannot be done, and what to do
    source_changed = Signal(object)  # SourceReference
    session_read = Signal(object, object)  # Path, Session: it waits to be taken
    carrier_read = Signal(object, object)  # Path, Carrier: a picture with its recipe, which waits to be taken
    network_read = Signal(object)  # NetworkFile: it waits to be taken
    listed = Signal(int, int)  # which of how many sources that were opened together is open, from 0; of 0, none is
    paged = Signal(object)  # Pages: which picture of how many in the open file is wanted or shown
    opening_began = Signal()  # of another source: what was opened before no longer matters

    def __init__(self, feed: Feed, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.feed, self._tasks = feed, tasks
        self.source = SourceReference(SourceKind.NONE, "", None)
        self._openings = 0  # their count, so that a slow one cannot overtake a newer one
        self._list: tuple[str, ...] = ()  # sources that were opened together
        self._place = 0  # of the one that is open
        self._is_stepping = False
        self._page: int | None = None  # of the open file, that is wanted and not yet read
        self._is_paging = False
        self._is_awaited = False  # the first frame of what was opened
        self._shape: Shape | None = None  # of the last frame
        feed.frame_arrived.connect(self._tell_of_frame)

    def open(self, text: str) -> None:
        """Open whatever a text names: a picture, a video, a session, an address."""
        if "://" in text:
            self.open_stream(text)
        else:
            self.open_file(Path(text))

    def open_all(self, texts: Sequence[str]) -> None:
        """Open the first of several, and keep the others to be stepped through."""
        if len(texts) == 1:
            self.open(texts[0])
        elif texts:
            self._list = tuple(texts)
            self._open_listed(0)

    def step(self, by: int) -> None:
        """Open the next (1) or the one before (−1) of those that were opened together."""
        if 0 <= self._place + by < len(self._list):
            self._open_listed(self._place + by)

    @property
    def list_place(self) -> tuple[int, int]:
        """Which of how many that were opened together is open, from 0; of 0, where there is no list."""
        return self._place, len(self._list)

    @property
    def pages(self) -> Pages:
        """Which picture of the open file is wanted, of how many that can be reached."""
        frame = self.feed.frame
        if frame is None or self.source.kind is not SourceKind.FILE or self.feed.state is not LiveState.STILL:
            return Pages()
        return frame.pages if self._page is None else replace(frame.pages, page=self._page)

    def show_page(self, page: int) -> None:
        """Show another picture of the open file, from 0. While one is read, the newest that is wanted waits."""
        pages = self.pages
        if not 0 <= page < pages.count or page == pages.page:
            return
        self._page = page
        self.paged.emit(self.pages)
        if not self._is_paging:
            self._read_page(page)

    def open_file(self, path: Path) -> None:
        """Open whatever a file holds; recipe and picture stay if it cannot be read."""
        self._fetch(lambda: _read(path), lambda content: self._take_file(path, content))

    def open_sample(self, key: str) -> None:
        """Open one of the samples."""
        reference = SourceReference(SourceKind.SAMPLE, key, None)
        self._fetch(lambda: load_sample(key), lambda frame: self.show_still(frame, reference))

    def open_grid(self, rows: Sequence[Sequence[float]]) -> None:
        """Take typed numbers as the picture."""
        try:
            frame = typed_grid(rows)
        except ConvStudioError as refusal:
            self.refused.emit(str(refusal))
            return
        self.begin_opening()
        values = tuple(tuple(float(value) for value in row) for row in rows)
        self.show_still(frame, SourceReference(SourceKind.GRID, "typed grid", values))

    def paste(self, frame: Frame) -> None:
        """Take a picture from the clipboard."""
        self.begin_opening()
        self.show_still(frame, SourceReference(SourceKind.PICTURE, frame.name, frame=frame))

    def open_video(self, path: Path) -> None:
        """Play a video file."""
        self._play(str(path), path.name, SourceReference(SourceKind.FILE, str(path), None))

    def open_stream(self, address: str) -> None:
        """Watch a network stream."""
        self._play(address, address, SourceReference(SourceKind.URL, address, None))

    def open_camera(self, camera: CameraInfo) -> None:
        """Watch a camera."""
        self._play(camera.address, camera.name, SourceReference(SourceKind.CAMERA, str(camera.address), None))

    def open_reference(self, reference: SourceReference, session: Path | None = None) -> None:
        """Open what a reference names; a picture's place may be told beside that of its session."""
        match reference.kind:
            case SourceKind.FILE:
                self._fetch(lambda: _read_picture(reference, session), lambda picture: self._take_file(*picture))
            case SourceKind.SAMPLE:
                self.open_sample(reference.text)
            case SourceKind.URL:
                self.open_stream(reference.text)
            case SourceKind.CAMERA:
                self._play(int(reference.text), f"camera {reference.text}", reference)
            case SourceKind.GRID if reference.grid:
                self.open_grid(reference.grid)
            case SourceKind.PICTURE if reference.frame:
                self.paste(reference.frame)
            case _:
                pass

    def show_still(self, frame: Frame, reference: SourceReference) -> None:
        """Show a picture that is there, and remember where it is from."""
        self._set_source(reference)
        self._is_awaited = True
        self.feed.show_still(frame)

    def find_cameras(self, done: Callable[[tuple[CameraInfo, ...]], None]) -> None:
        """Ask which cameras there are."""
        self._tasks.run(list_cameras, done, self.refused.emit)

    def begin_opening(self) -> int:
        """Leave behind what is being opened. The number of this opening."""
        self.opening_began.emit()
        if self._list and not self._is_stepping:
            self._list, self._place = (), 0
            self.listed.emit(0, 0)
        self._openings += 1
        self._is_paging, self._page = False, None
        self.paged.emit(self.pages)
        return self._openings

    def _open_listed(self, place: int) -> None:
        self._place = place
        self._is_stepping = True
        try:
            self.open(self._list[place])
        finally:
            self._is_stepping = False
        self.listed.emit(place, len(self._list))

    def _read_page(self, page: int) -> None:
        opening, path = self._openings, Path(self.source.text)
        self._is_paging = True

        def take(frame: Frame) -> None:
            if opening != self._openings:
                return
            self._is_paging = False
            if self._page not in (None, page):
                self._read_page(self._page)
            else:
                self._page = None
            self.source = replace(self.source, page=page)  # it is the file that it was
            self._is_awaited = True
            self.feed.show_still(frame)

        def refuse(sentence: str) -> None:
            if opening == self._openings:
                self._is_paging, self._page = False, None
                self.paged.emit(self.pages)
                self.refused.emit(sentence)

        self._tasks.run(lambda: read_image(path, page=page), take, refuse)

    def _play(self, address: str | int, name: str, reference: SourceReference) -> None:
        try:
            if kind_of(address) is AddressKind.FILE and not Path(str(address)).is_file():
                raise ConvStudioError(f"There is no file {address}; check the name.")
            capture = Capture(address, name=name)
        except ConvStudioError as refusal:
            self.refused.emit(str(refusal))
            return
        self.begin_opening()
        self.feed.play(capture)
        self._is_awaited = True
        self._set_source(reference)
        self.said.emit(f"Opening {name} …")

    def _fetch(self, read: Callable[[], T], take: Callable[[T], None]) -> None:
        """Read something beside the window's thread, and take it unless something else was opened meanwhile."""
        opening = self.begin_opening()
        self._tasks.run(read, lambda content: take(content) if opening == self._openings else None, self.refused.emit)

    def _take_file(self, path: Path, content: "Content") -> None:
        match content:
            case Frame():
                self.show_still(content, SourceReference(SourceKind.FILE, str(path), page=content.pages.page))
            case Session():
                self.session_read.emit(path, content)
            case Carrier():
                self._take_carrier(path, content)
            case NetworkFile():
                self.network_read.emit(content)
            case None:
                self.open_video(path)

    def _take_carrier(self, path: Path, carrier: Carrier) -> None:
        """Of several pictures that are stepped through each is a picture; of one alone the recipe may be meant."""
        if self._list or carrier.document is None:
            self.show_still(carrier.frame, SourceReference(SourceKind.FILE, str(path), page=carrier.frame.pages.page))
        else:
            self.carrier_read.emit(path, carrier)
        if carrier.refusal:
            self.refused.emit(carrier.refusal)

    def _tell_of_frame(self) -> None:
        """Tell of the first frame of what was opened, and of frames of another size."""
        frame = self.feed.frame
        if frame is None:
            return
        before, self._shape = self._shape, frame.shape
        self.paged.emit(self.pages)
        if self._is_awaited:
            self._is_awaited = False
            pages = f", {frame.pages}" if frame.pages.count > 1 else ""
            self.said.emit(f"{frame.name}: {frame.shape}{pages}. {frame.note}".rstrip())
        elif before != frame.shape:
            self.said.emit(f"{frame.name} sends {frame.shape} now; its pictures were {before} before.")

    def _set_source(self, reference: SourceReference) -> None:
        self.source = reference
        self.source_changed.emit(reference)
        self.paged.emit(self.pages)


Content = Frame | Carrier | Session | NetworkFile | None  # of a file; None of a video


def _read(path: Path, *, page: int = 0) -> Content:
    """What a file holds; None for a video, which is not read but played."""
    match contents_of(path):
        case FileContents.SESSION:
            return load_session(path)
        case FileContents.PICTURE:
            return _read_carrier(path, page=page)
        case FileContents.NETWORK:
            return read_network(path)
        case FileContents.VIDEO:
            return None


def _read_carrier(path: Path, *, page: int) -> Frame | Carrier:
    """A picture, with the recipe that it carries where it has one."""
    frame = read_image(path, page=page)
    try:
        document = carried_recipe(path)
    except ConvStudioError as refusal:
        return Carrier(frame, None, str(refusal))
    return frame if document is None else Carrier(frame, document)


def _read_picture(reference: SourceReference, session: Path | None) -> tuple[Path, Frame | None]:
    """Where a session's picture lies, and what it is; None for a video. One session does not open another."""
    path = where_picture_lies(reference, session) if session else Path(reference.text)
    content = _read(path, page=reference.page)
    if isinstance(content, Session | NetworkFile):
        kind = "session" if isinstance(content, Session) else "network"
        raise ConvStudioError(f"The session's picture {path} is a {kind} itself; open a picture instead.")
    return path, content.frame if isinstance(content, Carrier) else content
