"""Where a study is served, and under which names it answers."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from skyscene.errors import StudyError

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
PROXY_NOTE = """\
Raters come from outside: put a proxy that speaks HTTPS before this server,
and let nothing but the proxy be reached.
Caddy needs two lines, and gets the certificate itself:
    {name} {{
        reverse_proxy {behind}
    }}
Any other proxy must pass the Host header on, set X-Forwarded-For, and keep paths out of its log:
the secret of a rater's link is in its path, /r/..."""


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port, and the origin that raters see where a proxy stands between.

    Attributes:
        host: That the server listens on.
        port: The same.
        origin: ``https://study.example.org``; empty where raters open the server itself.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    origin: str = ""

    @property
    def hosts(self) -> frozenset[str]:
        """Values of the Host header that are answered; any other is a page that was lured here."""
        names = {f"{name}:{self.port}" for name in _LOOPBACK}
        if self.port == 80:
            names |= set(_LOOPBACK)
        return frozenset(names | ({urlsplit(self.origin).netloc} if self.origin else set()))

    @property
    def origins(self) -> frozenset[str]:
        """Values of the Origin header that may post."""
        own = {f"http://{host}" for host in self.hosts if host != urlsplit(self.origin).netloc}
        return frozenset(own | ({self.origin} if self.origin else set()))

    @property
    def secure(self) -> bool:
        """Whether cookies may go over HTTPS alone."""
        return self.origin.startswith("https://")

    @property
    def base_url(self) -> str:
        """What raters' links begin with."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.origin or f"http://{host}:{self.port}"

    @property
    def note(self) -> str:
        """What belongs before the server, where people from outside reach it; empty where nobody does."""
        if not self.origin:
            return ""
        inside = self.host if _is_loopback(self.host) else "ADDRESS"
        return PROXY_NOTE.format(name=urlsplit(self.origin).netloc, behind=f"{inside}:{self.port}")


def checked_address(host: str, port: int, public: bool = False, origin: str = "") -> Address:
    """An address that may be served from.

    Args:
        host: To listen on.
        port: 0 for any that is free.
        public: Whether others than this machine may reach it.
        origin: Scheme and name that raters open, where they do not open ``host`` itself.

    Raises:
        StudyError: It would be open to others without having been asked for, or under no name.

    >>> checked_address("127.0.0.1", 8000).base_url
    'http://127.0.0.1:8000'
    """
    problems = []
    origin = origin.rstrip("/").lower()
    parts = urlsplit(origin)
    if origin and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path or "@" in origin):
        problems.append(f"--origin {origin}: write scheme and name alone, as https://study.example.org")
    if not _is_loopback(host):
        if not public:
            problems.append(
                f"--host {host} lets others than this machine reach the study: say --public if so, "
                "or leave --host out and put an HTTPS proxy before the server"
            )
        elif not origin:
            problems.append(
                "--public needs --origin: the address that raters open, as https://study.example.org"
            )
    if not 0 <= port <= 65535:
        problems.append(f"--port {port}: a number from 0 to 65535")
    if problems:
        raise StudyError(problems)
    return Address(host, port, origin)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
