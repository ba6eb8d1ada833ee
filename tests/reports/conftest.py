"""The made-up plant of this folder as fixtures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_sites import HOSTILE, material_of, results, write_site

from diwen.language import Text
from diwen.reports.material import Material


@pytest.fixture(scope="session")
def material(tmp_path_factory) -> Material:
    return material_of(write_site(tmp_path_factory.mktemp("plant") / "plant"))


@pytest.fixture(scope="session")
def document(material):
    from diwen.reports.compose import compose

    return compose(material)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    from diwen.reports.compose import compose

    folder = write_site(tmp_path_factory.mktemp("hostile") / "hostile", HOSTILE, HOSTILE)
    found = [replace(result, reason=Text(HOSTILE, HOSTILE)) for result in results()]
    return compose(material_of(folder, found=tuple(found)))
