from django.contrib.admin.apps import AdminConfig


class LatsarAdminConfig(AdminConfig):
    default_site = "latsar.adminsite.site.LatsarAdminSite"
