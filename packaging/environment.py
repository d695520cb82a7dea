"""What both commands stand on: a virtual environment, system libraries, and a screen. Standard library only."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed-from"
ALWAYS = ("compiled", "formats", "networks")  # extras that a pip of one's own would have to ask for
IS_LINUX = sys.platform.startswith("linux")

# soname the loader must find → Debian package that has it
IMPORT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxcb.so.1": "libxcb1",
}
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


def say(text: str) -> None:
    """Tell the person what is going on, before any output of the programs started next."""
    print(text, flush=True)


def prepare(*, extras: Sequence[str] = (), with_window: bool = False, with_virtual_screen: bool = False) -> Path:
    """Set up whatever is missing and return the Python to use; costs next to nothing when all is there."""
    if sys.version_info < (3, 11):  # noqa: UP036  # an older Python starts this file too
        sys.exit(f"ConvStudio needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if IS_LINUX:
        _install_packages(_missing_packages(with_window=with_window, with_virtual_screen=with_virtual_screen))
    python = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wanted = _fingerprint(extras)
    if python.exists() and STAMP.exists() and wanted in STAMP.read_text(encoding="utf-8").split():
        return python
    if not python.exists():
        _make_venv()
    target = f"{ROOT}[{','.join([*ALWAYS, *extras])}]"
    say("Installing ConvStudio's libraries (once; this needs the network) …")
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", target]
    if subprocess.run(command, check=False).returncode:
        sys.exit("The libraries could not be installed; check the network and run the same command again.")
    kept = _fingerprint(())  # what serves the tests also serves the application
    STAMP.write_text(" ".join(sorted({wanted, kept})), encoding="utf-8")
    return python


def _fingerprint(extras: Sequence[str]) -> str:
    text = (ROOT / "pyproject.toml").read_bytes() + repr((sorted(extras), sys.version_info[:2], str(ROOT))).encode()
    return hashlib.sha256(text).hexdigest()


def _make_venv() -> None:
    say("Making a virtual environment in .venv …")
    if _venv_works():
        return
    if IS_LINUX and shutil.which("apt-get"):
        _install_packages(["python3-venv"])
    if not _venv_works():
        sys.exit("Python's venv module does not work here; install it (on Debian: apt-get install python3-venv).")


def _venv_works() -> bool:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False, capture_output=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
    return made.returncode == 0


def _missing_packages(*, with_window: bool, with_virtual_screen: bool) -> list[str]:
    libraries = dict(IMPORT_LIBRARIES)
    if with_window:
        libraries |= WINDOW_LIBRARIES
    known = _known_libraries()
    missing = [package for soname, package in libraries.items() if known is not None and soname not in known]
    if not _has_font():
        missing.append("fonts-dejavu-core")
    if with_virtual_screen and not shutil.which("Xvfb"):
        missing.append("xvfb")
    return missing


def _known_libraries() -> set[str] | None:
    ldconfig = shutil.which("ldconfig") or shutil.which("ldconfig", path="/sbin:/usr/sbin")
    if ldconfig is None:
        return None  # another C library than glibc: nobody to ask
    listing = subprocess.run([ldconfig, "-p"], check=False, capture_output=True, text=True).stdout
    return {line.split()[0] for line in listing.splitlines() if "=>" in line}


def _has_font() -> bool:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(next(folder.rglob(f"*.{kind}"), None) for folder in folders for kind in ("ttf", "otf"))


def _install_packages(packages: Iterable[str]) -> None:
    names = list(packages)
    if not names:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(names)}"
    rights = _rights()
    if not shutil.which("apt-get") or rights is None:
        say(f"These system packages are missing: {' '.join(names)}. On Debian or Ubuntu, paste:\n  sudo {line}")
        return
    say(f"Installing system packages: {' '.join(names)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], [*line.split(), "-qq"]):
        done = subprocess.run([*rights, *command], check=False, env=environment, stdout=subprocess.DEVNULL)
        if done.returncode:
            say(f"Warning: “{' '.join(command)}” failed; going on without it. By hand: sudo {line}")


def _rights() -> list[str] | None:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode:
        return ["sudo", "-n"]
    return None


@contextmanager
def virtual_screens(count: int) -> Iterator[dict[str, str]]:
    """So many screens, for as many processes that run window tests: a window has the keyboard of its own screen only.

    The variables have the first as DISPLAY and all of them as CONVSTUDIO_SCREENS.
    """
    with ExitStack() as stack:
        screens = [stack.enter_context(virtual_screen()) for _ in range(count)]
        yield {
            **screens[0],
            "CONVSTUDIO_SCREENS": " ".join(screen["DISPLAY"] for screen in screens if "DISPLAY" in screen),
        }


@contextmanager
def virtual_screen() -> Iterator[dict[str, str]]:
    """A screen for window tests: Xvfb on a free number where it can be had, else Qt's offscreen platform."""
    environment = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    if not (IS_LINUX and shutil.which("Xvfb")):
        yield environment if not IS_LINUX else {**environment, "QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if number:
            yield {**environment, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        else:
            say("Warning: Xvfb did not start; the window tests use the offscreen platform.")
            yield {**environment, "QT_QPA_PLATFORM": "offscreen"}
    finally:
        server.terminate()
        server.wait()
