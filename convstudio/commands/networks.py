"""Networks that others made: opened as a recipe in the place of the present one; Undo brings that back."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from convstudio.commands.sources import SourceCommands
from convstudio.core.errors import ConvStudioError
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation
from convstudio.core.wording import counted
from convstudio.io.networks.network import WHITE, Bank, InputScale, NetworkFile, document_of, notes_of, summary
from convstudio.io.samples import SAMPLES
from convstudio.runtime.store import Store


@dataclass(frozen=True, eq=False)
class Assumption:
    """What a network's file does not say: what was taken for it, and the words for keeping that and for the other."""

    sentence: str
    keep: str
    other: str
    network: NetworkFile
    scale: InputScale | None = None  # the other's
    activation: Activation | None = None


class NetworkCommands(QObject):
    """Opens a network that was read: whole where it is a chain of layers, else one of its banks of filters."""

    said = Signal(str)  # what happened
    refused = Signal(str)  # what cannot be done, and what to do
    banks_offered = Signal(object)  # NetworkFile: it is no chain of layers, and a bank of it may be picked
    questioned = Signal(object)  # Assumption that was made and can be another; None: it is settled

    def __init__(self, store: Store, sources: SourceCommands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store, self._sources = store, sources
        self._assumption: Assumption | None = None
        self._document: Document | None = None  # the one that the question is about
        sources.opening_began.connect(self.keep_assumption)
        store.changed.connect(self._settle_when_changed)

    def take(self, network: NetworkFile) -> None:
        """Open a network, or offer its banks where it cannot be opened whole. The picture stays."""
        if self._sources.feed.frame is None:
            self._sources.open_sample(SAMPLES[0].key)  # a recipe alone shows nothing
        if network.refusal:
            self.banks_offered.emit(network)
        elif self._open(network):
            self.said.emit(summary(network))
            self._assumption = self._assumption_of(network)
            self._document = self._store.document
            if self._assumption is not None:
                self.questioned.emit(self._assumption)

    def keep_assumption(self) -> None:
        """Leave what was assumed as it is; also when something else is opened."""
        if self._assumption is not None:
            self._assumption = self._document = None
            self.questioned.emit(None)

    def take_other(self) -> None:
        """Open the network with the other answer."""
        assumption = self._assumption
        if assumption is not None:
            self.keep_assumption()
            if self._open(assumption.network, scale=assumption.scale, activation=assumption.activation):
                self.said.emit(f"{assumption.other}: “{assumption.network.name}” was opened so; Undo takes it back.")

    def pick(self, bank: Bank) -> None:
        """Open one convolution as the whole recipe."""
        try:
            layer = bank.picked()
        except ConvStudioError as refusal:
            self.refused.emit(str(refusal))
            return
        self._store.open(Document((layer,), selected=0))
        self.said.emit(f"“{bank.name}” is the recipe now: {bank.shape_text}.")

    def _open(
        self, network: NetworkFile, *, scale: InputScale | None = None, activation: Activation | None = None
    ) -> bool:
        frame = self._sources.feed.frame
        white = WHITE if frame is None else frame.white
        try:
            document = document_of(network, scale=scale, activation=activation, white=white)
        except ConvStudioError as refusal:
            self.refused.emit(str(refusal))
            return False
        self._store.open(document)
        return True

    def _assumption_of(self, network: NetworkFile) -> Assumption | None:
        """What is to be asked about a network; None where nothing was assumed."""
        if network.has_assumed:
            sentence = (
                f"“{network.name}” holds weights alone and does not say what lies between its layers. "
                "Most networks have a ReLU there, so it was put in; is that right?"
            )
            nothing = Activation(enabled=False)
            return Assumption(sentence, "Keep ReLU", "Nothing between", network, activation=nothing)
        if network.usual_scale is InputScale.AS_THEY_ARE:
            return None
        frame = self._sources.feed.frame
        notes = notes_of(network, WHITE if frame is None else frame.white)
        sentences = (summary(network), self._channels_note(network.channels), *notes)
        return Assumption(
            " ".join(filter(None, sentences)),
            f"Keep {network.usual_scale}",
            f"Take {InputScale.AS_THEY_ARE}",
            network,
            scale=InputScale.AS_THEY_ARE,
        )

    def _channels_note(self, channels: int) -> str:
        """What is done where the picture has other channels than are read."""
        frame = self._sources.feed.frame
        if frame is None or not channels or frame.shape.channels == channels:
            return ""
        return f"The picture has {counted(frame.shape.channels, 'channel')}, so the first weights were adapted to it."

    def _settle_when_changed(self, document: Document) -> None:
        if self._assumption is not None and document is not self._document:
            self.keep_assumption()
