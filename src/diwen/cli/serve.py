"""``diwen serve``: look at one or many sites in the browser."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import typer

from diwen.language import Text, preferred
from diwen.problems import InputError, Problem

_REMOTE = Text(
    "Warning: this view has no password and no encryption. Everyone who reaches {host}:{port} "
    "can read all sites below. Put it behind a reverse proxy with TLS and a login.",
    "警告：本视图没有口令，也不加密。凡能访问 {host}:{port} 的人都能查看以下全部项目。"
    "请置于带 TLS 和登录的反向代理之后。",
)
_SERVING = Text(
    "Diwen shows {count} site(s) at {url}  (stop with Ctrl+C)",
    "地温正在显示 {count} 个项目：{url}  （按 Ctrl+C 停止）",
)
_NO_SITE = Text(
    "no site folder found here (a site folder holds a site.toml)",
    "此处没有项目文件夹（项目文件夹内有 site.toml）",
)
_NO_SITE_CURE = Text(
    "name a site folder, or a folder that holds site folders; `diwen new` makes one.",
    "请指定项目文件夹，或存放项目文件夹的目录；可用 `diwen new` 新建。",
)
_NOT_LOOPBACK = Text(
    "this address can be reached from other machines, and the view has neither password nor "
    "encryption",
    "该地址可被其他机器访问，而本视图既无口令也不加密",
)
_NOT_LOOPBACK_CURE = Text(
    "leave --host out, or add --allow-remote if the network is trusted.",
    "请省略 --host；若网络可信，请加 --allow-remote。",
)
_PORT_TAKEN = Text("the port cannot be used: {reason}", "端口不可用：{reason}")
_PORT_CURE = Text("choose another with --port.", "请用 --port 另选端口。")


_EPILOG = (
    "Examples 示例:\n\ndiwen serve my-plant --open\n\ndiwen serve sites --port 8400 --no-build"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", epilog=_EPILOG)(serve)


def serve(
    folders: list[Path] = typer.Argument(
        ..., help="Site folders, or folders that hold site folders. 项目文件夹或其上级目录。"
    ),
    host: str = typer.Option("127.0.0.1", help="Address to listen on. 监听地址。"),
    port: int = typer.Option(8350, min=1, max=65535, help="Port. 端口。"),
    open_browser: bool = typer.Option(
        False, "--open/--no-open", help="Open the browser. 打开浏览器。"
    ),
    allow_remote: bool = typer.Option(
        False, "--allow-remote", help="Allow an address other machines can reach. 允许远程访问。"
    ),
    build: bool = typer.Option(
        True, "--build/--no-build", help="Allow building reports on demand. 允许按需生成报告。"
    ),
    language: str = typer.Option("", help="en or zh. 语言。"),
) -> None:
    """Show sites in the browser (read-only, this machine). 在浏览器中查看项目（只读、仅本机）。"""
    spoken = "zh" if language == "zh" else "en" if language == "en" else preferred()
    local = is_loopback(host)
    if not local and not allow_remote:
        raise InputError(
            [Problem("diwen serve", "--host", _NOT_LOOPBACK, _NOT_LOOPBACK_CURE, value=host)]
        )
    from diwen.web.catalogue import Catalogue

    count = len(Catalogue(folders).entries())
    if count == 0:
        raise InputError([Problem(str(f), "-", _NO_SITE, _NO_SITE_CURE) for f in folders])
    _claim(host, port)
    url = f"http://{_in_url(host)}:{port}/"
    if not local:
        typer.echo(_REMOTE.format(host=host, port=port).to(spoken), err=True)
    typer.echo(_SERVING.format(count=count, url=url).to(spoken))
    _run(folders, host, port, url, build=build, local=local, open_browser=open_browser)


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _claim(host: str, port: int) -> None:
    """Find out before the server starts whether the port is free, to say so plainly."""
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            message = _PORT_TAKEN.format(reason=error.strerror or str(error))
            raise InputError(
                [Problem("diwen serve", "--port", message, _PORT_CURE, value=str(port))]
            ) from error


def _run(
    folders: list[Path],
    host: str,
    port: int,
    url: str,
    *,
    build: bool,
    local: bool,
    open_browser: bool,
) -> None:
    import uvicorn

    from diwen.web import create_app

    hosts = ("127.0.0.1", "localhost", "[::1]", host) if local else ("*",)
    application = create_app(folders, build=build, hosts=hosts)
    if open_browser:
        import threading
        import webbrowser

        threading.Timer(1.0, webbrowser.open, (url,)).start()
    uvicorn.run(application, host=host.strip("[]"), port=port, log_level="warning")
