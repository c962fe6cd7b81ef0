"""Zendesk's profile endpoints (contracts 5c): each finds a face, and reads or writes it."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from profiles.api.common import ApiError, Call, Reason
from profiles.operations.erase import erase_profiles
from profiles.operations.faces import Content, Deed, Find, write_face
from profiles.queries.faces import Face, Pair, face_by_id, faces_of_person, find_face

from .answers import answer_profile, answer_profiles
from .content import read_patch, read_put, read_user_id
from .names import read_query


def read_by_identifier(call: Call) -> HttpResponseBase:
    return answer_profile(call, _found(_find_by_query(call)))


def put_by_identifier(call: Call) -> HttpResponseBase:
    return _put_by_identifier(call)


def patch_by_identifier(call: Call) -> HttpResponseBase:
    pair, name = read_query(call.request)
    content = read_patch(call, pair)
    return _write(call, "patch", lambda: find_face(call.workspace, call.environment, pair, name), content)


def delete_by_identifier(call: Call) -> HttpResponseBase:
    return _erase(call, _found(_find_by_query(call)))


def read_by_id(call: Call, profile_id: str) -> HttpResponseBase:
    return answer_profile(call, _found(_find_by_id(call, profile_id)))


def put_by_id(call: Call, profile_id: str) -> HttpResponseBase:
    face = _found(_find_by_id(call, profile_id))
    content = read_put(call, face.pair, known=face.names)
    return _write(call, "replace", lambda: _find_by_id(call, profile_id, face.pair), content)


def patch_by_id(call: Call, profile_id: str) -> HttpResponseBase:
    face = _found(_find_by_id(call, profile_id))
    content = read_patch(call, face.pair, known=face.names)
    return _write(call, "patch", lambda: _find_by_id(call, profile_id, face.pair), content)


def delete_by_id(call: Call, profile_id: str) -> HttpResponseBase:
    return _erase(call, _found(_find_by_id(call, profile_id)))


def read_of_user(call: Call, user_id: str) -> HttpResponseBase:
    return answer_profiles(call, faces_of_person(call.workspace, call.environment, read_user_id(user_id)))


def put_of_user(call: Call, user_id: str) -> HttpResponseBase:
    return _put_by_identifier(call, person=read_user_id(user_id))


def _put_by_identifier(call: Call, person: int | None = None) -> HttpResponseBase:
    pair, name = read_query(call.request)
    content = read_put(call, pair, name=name, person=person)
    return _write(call, "put", lambda: find_face(call.workspace, call.environment, pair, name), content)


def _find_by_query(call: Call) -> Face | None:
    pair, name = read_query(call.request)
    return find_face(call.workspace, call.environment, pair, name)


def _find_by_id(call: Call, profile_id: str, pair: Pair | None = None) -> Face | None:
    """No id of Zendesk's own, nor anything else, is a profile's unless it is a UUID."""
    try:
        return face_by_id(call.workspace, call.environment, UUID(profile_id), pair)
    except ValueError:
        return None


def _found(face: Face | None) -> Face:
    if face is None:
        raise ApiError(Reason.NOT_FOUND, "There is no such profile.")
    return face


def _write(call: Call, deed: Deed, find: Find, content: Content) -> HttpResponseBase:
    face, is_new = write_face(
        call.workspace, call.environment, find, content, deed=deed, source=call.door, actor=call.key
    )
    return answer_profile(call, _found(face), status=201 if is_new else 200)


def _erase(call: Call, face: Face) -> HttpResponseBase:
    """Another request may have erased it a moment ago: then there is no such profile."""
    receipt = erase_profiles(call.workspace, [face.profile.pk], source=call.door, actor=call.key)
    _found(face if receipt.count else None)
    return HttpResponse(status=204)
