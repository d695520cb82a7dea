"""The commands of one window, as a value. What each can do is in the file of its name."""

from dataclasses import dataclass

from convstudio.commands.exporting import ExportCommands
from convstudio.commands.library import LibraryCommands
from convstudio.commands.looking import LookingCommands
from convstudio.commands.networks import NetworkCommands
from convstudio.commands.recipe import RecipeCommands
from convstudio.commands.sessions import SessionCommands
from convstudio.commands.sources import SourceCommands

AnyCommands = (
    RecipeCommands
    | SourceCommands
    | LookingCommands
    | SessionCommands
    | NetworkCommands
    | ExportCommands
    | LibraryCommands
)


@dataclass(frozen=True, eq=False)
class Commands:
    """Everything a person can ask for, by subject."""

    recipe: RecipeCommands
    sources: SourceCommands
    looking: LookingCommands
    sessions: SessionCommands
    networks: NetworkCommands
    exporting: ExportCommands
    library: LibraryCommands

    @property
    def subjects(self) -> tuple[AnyCommands, ...]:
        """All of them; each has `said` (what happened) and `refused` (what cannot be done, and what to do)."""
        return self.recipe, self.sources, self.looking, self.sessions, self.networks, self.exporting, self.library
