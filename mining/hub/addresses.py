"""Addresses that a server names: the next page, a renamed repository, a file's storage.

None of them leads the client astray.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from mining.errors import UnreachableError, UsageError


class Endpoint:
    """A Hub's address, and what may be made of the addresses that it names.

    Args:
        address: Address of the Hub, with scheme and host.

    Raises:
        UsageError: It is none.
    """

    def __init__(self, address: str) -> None:
        try:
            self._parts = urlsplit(address)
            is_sound = bool(self._parts.hostname) and self._parts.port != 0 and address.isprintable()
        except ValueError:
            is_sound = False
        if not is_sound or self._parts.scheme not in ("http", "https") or "@" in self._parts.netloc:
            raise UsageError(f"{address!r} is not the address of a Hub: one looks like https://huggingface.co")
        self.address = address

    def is_home(self, url: str) -> bool:
        """Whether an address lies on the Hub's own origin."""
        return urlsplit(url)[:2] == self._parts[:2]

    def local(self, named: str) -> str:
        """Path and query below the endpoint of an address that the Hub named.

        Whatever host it names (mirrors name the Hub's own).

        Raises:
            UnreachableError: It is no address of a page.
        """
        parts = self._split(f"{self.address}/", named)
        path = parts.path.removeprefix(self._parts.path.rstrip("/"))
        if not path.startswith("/"):
            raise UnreachableError(self.address, f"the Hub returned an invalid address: {named[:100]!r}")
        return f"{path}?{parts.query}" if parts.query else path

    def target(self, url: str, location: str, *, may_leave: bool) -> str | None:
        """Where a redirect leads.

        Args:
            url: Address that answered with the redirect.
            location: What it said.
            may_leave: Whether the Hub's own resolver may send the client elsewhere; then over TLS only, and from the
                Hub itself.

        Returns:
            The address, or None where it must not be followed.

        Raises:
            UnreachableError: It is no address.
        """
        parts = self._split(url, location)
        target = parts.geturl()
        if self.is_home(target):
            return target
        return target if may_leave and parts.scheme == "https" and self.is_home(url) else None

    def _split(self, base: str, named: str) -> SplitResult:
        try:
            parts = urlsplit(urljoin(base, named))
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            sound = False
        if not sound or "@" in parts.netloc:
            raise UnreachableError(self.address, f"the Hub returned an invalid address: {named[:100]!r}")
        return parts
