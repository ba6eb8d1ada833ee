"""The application put together: pages, programs' interface, static files, errors."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from diwen import __version__
from diwen.language import Text
from diwen.problems import InputError
from diwen.web.catalogue import BrokenSiteError, Catalogue
from diwen.web.presentation import page
from diwen.web.security import SecurityHeaders
from diwen.web.view import View
from diwen.web.visitor import language_of

_LOG = logging.getLogger("diwen.web")
_STATIC = Path(__file__).parent / "static"
_TITLES = {
    400: Text("This request cannot be understood", "无法理解的请求"),
    403: Text("Not allowed", "不允许"),
    404: Text("Not found", "未找到"),
    405: Text("Not allowed", "不允许"),
    500: Text("Something went wrong here", "本视图发生错误"),
}
_NOT_FOUND = Text("There is no such page or site.", "没有该页面或项目。")
_FAILED = Text(
    "The reason stands in the log of the program that serves this page.",
    "原因见提供本页面的程序的日志。",
)


def assemble(folders: Iterable[Path], *, build: bool, hosts: tuple[str, ...]) -> FastAPI:
    """The whole application; see :func:`diwen.web.create_app`."""
    from diwen.web import api, diagnosis_pages, pages, report_pages, site_pages

    view = View(Catalogue(folders), build)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        view.workshop.close()

    app = FastAPI(
        title="Diwen",
        description="Read-only access to the sites served here. 只读数据接口。",
        version=__version__,
        docs_url=None,  # the usual page loads its scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.view = view
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_middleware(SecurityHeaders)
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(site_pages.router)
    app.include_router(diagnosis_pages.router)
    app.include_router(report_pages.router)
    app.add_api_route("/static/echarts.min.js", _echarts, include_in_schema=False)
    app.add_api_route("/static/charts.js", _charts, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_api_route("/", _front, include_in_schema=False)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(InputError, _on_input)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(Exception, _on_failure)
    return app


def _front(request: Request) -> RedirectResponse:
    return RedirectResponse(f"/{language_of(request)}/", 307)


def _echarts() -> FileResponse:
    """The one copy of ECharts that ships, in the reports room."""
    return _asset("echarts.min.js")


def _charts() -> FileResponse:
    """How reports draw what JSON cannot carry."""
    return _asset("charts.js")


def _asset(name: str) -> FileResponse:
    import diwen.reports

    assets = Path(diwen.reports.__path__[0]) / "assets"
    return FileResponse(assets / name, media_type="text/javascript")


def _is_program(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _on_http(request: Request, error: Exception) -> Response:
    status = cast(HTTPException, error).status_code
    if _is_program(request):
        return JSONResponse({"error": cast(HTTPException, error).detail}, status)
    return _error_page(request, status, _NOT_FOUND)


def _on_validation(request: Request, error: Exception) -> Response:
    details = cast(RequestValidationError, error).errors()
    if _is_program(request):
        plain = [{"where": list(d["loc"]), "message": d["msg"]} for d in details]
        return JSONResponse({"error": "invalid request", "details": plain}, 422)
    in_address = any("path" in detail["loc"] for detail in details)
    return _error_page(request, 404 if in_address else 400, _NOT_FOUND)


def _on_input(request: Request, error: Exception) -> Response:
    """A site whose files have errors, or a request that asks for what cannot be."""
    problems = cast(InputError, error).problems
    if _is_program(request):
        plain = [problem.as_dict() for problem in problems]
        return JSONResponse({"error": "input", "problems": plain}, 422)
    if isinstance(error, BrokenSiteError):
        # The page tells exactly what it is asked for: the state of this site.
        site_id = request.path_params.get("site_id", "")
        return page(request, "problems.html", id=site_id, problems=problems, place="portfolio")
    language = language_of(request)
    return _error_page(request, 400, " ".join(problem.to(language) for problem in problems))


def _on_failure(request: Request, error: Exception) -> Response:
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    if _is_program(request):
        return JSONResponse({"error": "internal"}, 500)
    return _error_page(request, 500, _FAILED)


def _error_page(request: Request, status: int, message: Text | str) -> Response:
    language = language_of(request)
    title = _TITLES.get(status, _TITLES[400]).to(language)
    said = message if isinstance(message, str) else message.to(language)
    return page(request, "error.html", status, title=title, message=said)
