"""The pages of long work (`pos.jobs`): how far it is, and the file it makes. Each is for whoever asked for it alone."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, send_file, url_for

from pos import jobs, web


class JobPages:
    """`<under>/<token>`, `.../kemajuan` and `.../unduh` of a blueprint, as its `job`, `progress` and `download`.

    `template` shows a job as `job`, `token` and whatever `more(job)` says; the files lie in `name` of the instance.
    """

    def __init__(
        self,
        bp: Blueprint,
        under: str,
        roles: Sequence[str],
        name: str,
        template: str,
        more: Callable[[Any], dict[str, Any]] = lambda _job: {},
    ) -> None:
        self.bp, self.name, self.template, self.more = bp, name, template, more
        for suffix, view in (("", self.job), ("/kemajuan", self.progress), ("/unduh", self.download)):
            bp.add_url_rule(f"{under}/<token>{suffix}", view.__name__, web.require(*roles)(view))

    @property
    def folder(self) -> Path:
        return Path(current_app.instance_path) / self.name

    def begin(self, job: jobs.Job, work: jobs.Work, back: str) -> Any:
        """Have it made and show how far it is; where too much is being made already, say so on the page `back`."""
        try:
            return redirect(self.url(jobs.start(self.folder, g.person.id, job, work)))
        except jobs.TooBusy as error:
            flash(web.say(error.sentence), "warn")
            return redirect(back)

    def url(self, token: str) -> str:
        return url_for(f"{self.bp.name}.job", token=token)

    def own(self) -> list[tuple[str, jobs.Job]]:
        """What the reader had made here within a day: where its page is, and how far it is."""
        return [(self.url(token), job) for token, job in jobs.all_of(self.folder, g.person.id)]

    def job(self, token: str) -> Any:
        found = jobs.found(self.folder, g.person.id, token)
        return render_template(self.template, job=found, token=token, **self.more(found))

    def progress(self, token: str) -> Any:
        """How far it is, for the page that waits."""
        found = jobs.found(self.folder, g.person.id, token)
        return {"state": found.state, "done": found.done, "total": found.total}

    def download(self, token: str) -> Any:
        name = jobs.found(self.folder, g.person.id, token).filename
        path = jobs.file_of(self.folder, g.person.id, token)
        answer = send_file(path, "application/zip", as_attachment=True, download_name=name)
        answer.headers["Cache-Control"] = "no-store"
        return answer
