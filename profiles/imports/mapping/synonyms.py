"""What people and other products call the properties that Profiles has, in a few languages."""

import re
import unicodedata
from typing import Final

_SYNONYMS: Final = {
    "distinct_id": (
        "id user_id uid customer_id customer_number external_id external_user_id profile_id "
        "member_id member_number client_id contact_id person_id subscriber_id identity "
        "user_customer_id customer_no kundennummer kundennr kunden_id mitgliedsnummer benutzer_id "
        "id_client numero_client id_cliente"
    ),
    "email": (
        "mail email_address mail_address email_id user_email primary_email contact_email work_email "
        "email_1 mailadresse email_adresse courriel adresse_email correo correo_electronico epost "
        "eposta e_post posta_elettronica"
    ),
    "phone": (
        "phone_number telephone telephone_number tel telefon telefonnummer telefono mobile "
        "mobile_phone mobile_number mobile_no mobil mobilnummer mobiltelefon handy handynummer cell "
        "cell_phone movil portable contact_number phone_no phone_1 msisdn rufnummer telefone "
        "celular telefoon"
    ),
    "first_name": (
        "firstname given_name forename vorname prenom nombre fname first given voornaam imie primeiro_nome"
    ),
    "last_name": (
        "lastname surname family_name nachname familienname nom nom_de_famille apellido apellidos "
        "lname last cognome achternaam nazwisko sobrenome"
    ),
    "name": (
        "full_name display_name contact_name customer_name client_name person vollstaendiger_name "
        "nom_complet nombre_completo nome_completo naam"
    ),
    "gender": "sex geschlecht sexe sexo genero genre",
    "birthday": (
        "birth_date date_of_birth dob birth bday born geburtstag geburtsdatum geboren geb_datum "
        "date_de_naissance fecha_de_nacimiento fecha_nacimiento data_di_nascita geboortedatum"
    ),
    "country": (
        "country_code country_iso iso_country land laendercode landcode pays code_pays pais nation paese kraj"
    ),
    "city": "town locality stadt ort wohnort ville ciudad citta cidade plaats miasto address_city",
    "language": "lang locale language_code preferred_language sprache langue idioma lingua taal",
    "timezone": "time_zone tz zeitzone fuseau_horaire zona_horaria iana_timezone",
    "avatar_url": (
        "avatar picture picture_url photo photo_url image image_url profile_picture profile_image bild foto"
    ),
    "title": "job_title position job titel berufsbezeichnung function poste cargo",
    "channel.sms": "sms sms_number",
    "channel.whatsapp": "whatsapp whatsapp_number wa_number",
    "channel.voice": "voice voice_number",
    "channel.slack": "slack slack_id slack_channel",
    "channel.discord": "discord discord_id",
    "channel.teams": "teams ms_teams microsoft_teams",
    "status": "user_status account_status profile_status is_active active enabled aktiv",
    "tags": "tag labels label schlagworte schlagwoerter stichworte etiquetas etiquettes keywords",
    "last_seen_at": (
        "last_seen last_active last_active_at last_activity last_login last_login_at last_visit "
        "zuletzt_gesehen letzter_login"
    ),
    "environment": "env umgebung",
}


def plain(name: str) -> str:
    """A name without case, accents, blanks and punctuation: `E-Mail Adresse` is `emailadresse`."""
    spelled = name.replace("ß", "ss").replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    letters = unicodedata.normalize("NFKD", spelled).casefold()
    return re.sub(r"[\W_]+", "", "".join(each for each in letters if not unicodedata.combining(each)))


TARGETS: Final = {plain(word): path for path, words in _SYNONYMS.items() for word in words.split()}
"""Paths by plain name."""
