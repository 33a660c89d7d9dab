# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""crypt(3) of libxcrypt (libcrypt.so.1), which Python no longer has.

The library is called in this process: no command line ever holds a password. It is thread-safe and ctypes releases
the interpreter's lock, so many are verified at once.
"""

from __future__ import annotations

import ctypes
import threading
from typing import Optional

from .errors import Error

LIBRARY = "libcrypt.so.1"
# crypt(3) of libxcrypt: sizes of its work area and of a setting.
CRYPT_DATA_SIZE, SETTING_SIZE = 32768, 192


def new_setting(prefix: bytes, cost: int) -> Optional[bytes]:
    """crypt_gensalt_rn(3): a method and a fresh salt; nothing when this library does not have the method."""
    setting = ctypes.create_string_buffer(SETTING_SIZE)
    return setting.value if _library().crypt_gensalt_rn(prefix, cost, None, 0, setting, SETTING_SIZE) else None


def crypt(phrase: bytes, setting: bytes) -> Optional[bytes]:
    """crypt_r(3): the hash, or nothing when the setting is of no method that this library has."""
    area = getattr(_THREAD, "area", None)
    if area is None:
        area = _THREAD.area = ctypes.create_string_buffer(CRYPT_DATA_SIZE)
    result: Optional[bytes] = _library().crypt_r(phrase, setting, area)
    ctypes.memset(area, 0, CRYPT_DATA_SIZE)
    return None if result is None or result.startswith(b"*") else result


_THREAD = threading.local()
_LOADED: list[ctypes.CDLL] = []


def _library() -> ctypes.CDLL:
    if not _LOADED:
        try:
            library = ctypes.CDLL(LIBRARY, use_errno=True)
            library.crypt_r.restype = library.crypt_gensalt_rn.restype = ctypes.c_char_p
        except (OSError, AttributeError) as error:
            raise Error(f"{LIBRARY} cannot hash passwords on this host: {error}; install libcrypt1") from error
        library.crypt_r.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p]
        library.crypt_gensalt_rn.argtypes = [
            ctypes.c_char_p,
            ctypes.c_ulong,
            ctypes.c_char_p,
            ctypes.c_int,
            ctypes.c_char_p,
            ctypes.c_int,
        ]
        _LOADED.append(library)
    return _LOADED[0]
