"""Where each screen lives: `/w/<workspace>/<screen>/`."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from profiles.screens.home import home

admin.autodiscover()
ICON = RedirectView.as_view(url=f"{settings.STATIC_URL}img/favicon.ico")

urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", login_not_required(LoginView.as_view(redirect_authenticated_user=True)), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("w/<slug:workspace>/profiles/", include("profiles.screens.profiles.urls")),
    path("w/<slug:workspace>/imports/", include("profiles.screens.imports.urls")),
    path("w/<slug:workspace>/properties/", include("profiles.screens.properties.urls")),
    path("w/<slug:workspace>/exports/", include("profiles.screens.exports.urls")),
    path("w/<slug:workspace>/jobs/", include("profiles.screens.jobs.urls")),
    path("w/<slug:workspace>/receipts/", include("profiles.screens.receipts.urls")),
    path("w/<slug:workspace>/merging/", include("profiles.screens.merging.urls")),
    path("w/<slug:workspace>/keys/", include("profiles.screens.keys.urls")),
    path("favicon.ico", login_not_required(ICON), name="icon"),
    path("", include("profiles.api.urls")),
    path("operator/", include("profiles.screens.operator.urls")),
    path("admin/", admin.site.urls),
]
