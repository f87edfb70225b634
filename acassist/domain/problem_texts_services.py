"""Plain words for what the two services refuse."""

from __future__ import annotations

from acassist.domain.problem_codes import ProblemCode, ProblemText
from acassist.domain.text import N_

SERVICE_TEXTS: dict[ProblemCode, ProblemText] = {
    ProblemCode.AC_ACCOUNT_WRONG: ProblemText(
        "stop",
        N_("Account not found"),
        N_("No ActiveCampaign account answers at {host}."),
        N_("Check the account name, or paste the API URL from Settings > Developer in ActiveCampaign."),
    ),
    ProblemCode.AC_KEY_REFUSED: ProblemText(
        "stop",
        N_("The key was refused"),
        N_("ActiveCampaign refused the API key for {host}."),
        N_("Check the account name and the API key, then press Authorize again."),
    ),
    ProblemCode.AC_NO_RIGHTS: ProblemText(
        "stop",
        N_("The key lacks a right"),
        N_("This API key may not use {what}. Nothing was changed there."),
        N_("Use the key of a user whose group may use it, or leave that feature off."),
    ),
    ProblemCode.AC_PLAN: ProblemText(
        "issue",
        N_("Not part of the plan"),
        N_("The ActiveCampaign plan does not include {what}."),
        N_("Everything else works; map Account Name to one contact field instead."),
    ),
    ProblemCode.SF_LOGIN_DENIED: ProblemText(
        "stop",
        N_("Access was not allowed"),
        N_("The consent page was answered with no, so nothing is connected."),
        N_("Press Authorize again and choose Allow."),
    ),
    ProblemCode.SF_LOGIN_STATE: ProblemText(
        "stop",
        N_("The answer did not belong to this request"),
        N_("An answer arrived that this program had not asked for. It was ignored."),
        N_("Press Authorize again and use only the page that opens."),
    ),
    ProblemCode.SF_LOGIN_TIMEOUT: ProblemText(
        "stop",
        N_("No answer from the browser"),
        N_("The login was not finished within {minutes} minutes."),
        N_("Press Authorize again. If the browser shows an error, look it up under What does the browser say?"),
    ),
    ProblemCode.SF_LOGIN_CANCELLED: ProblemText(
        "stop",
        N_("Login cancelled"),
        N_("The login was cancelled. Nothing is connected."),
        N_("Press Authorize when you want to try again."),
    ),
    ProblemCode.SF_PORTS_TAKEN: ProblemText(
        "stop",
        N_("No free callback address"),
        N_("All five local addresses for the answer of Salesforce are in use on this computer."),
        N_("Close the other program that uses ports {ports}, then press Authorize again."),
    ),
    ProblemCode.SF_LOGIN_FAILED: ProblemText(
        "stop",
        N_("Salesforce refused the login"),
        N_("Salesforce answered: {reason}."),
        N_("Check the consumer key and the settings of the External Client App, then press Authorize again."),
    ),
    ProblemCode.SF_CLIENT_ID: ProblemText(
        "stop",
        N_("Consumer key not known"),
        N_("Salesforce does not know this consumer key at {host}."),
        N_("Check the key, and wait ten minutes after creating the app. Use the My Domain address of the same org."),
    ),
    ProblemCode.SF_RECONNECT: ProblemText(
        "stop",
        N_("Salesforce connection ended"),
        N_("Salesforce no longer accepts the stored access ({reason}). No data was changed."),
        N_("Open System connections and press Authorize."),
    ),
    ProblemCode.SF_NO_API: ProblemText(
        "stop",
        N_("No API access"),
        N_("This Salesforce org or user may not use the API."),
        N_("Ask for the permission API Enabled, or an edition or add-on with API access."),
    ),
    ProblemCode.SF_PERMISSION: ProblemText(
        "issue",
        N_("Not allowed in Salesforce"),
        N_("Salesforce does not let this user change {what}."),
        N_("Give the connected user edit access to it, then retry."),
    ),
    ProblemCode.SF_FIELD_HIDDEN: ProblemText(
        "stop",
        N_("A mapped field is not visible"),
        N_("{what} does not exist in Salesforce or is hidden from the connected user."),
        N_("Give the user access to the field, or remove it from the mapping."),
    ),
    ProblemCode.SF_QUOTA: ProblemText(
        "stop",
        N_("Salesforce calls used up"),
        N_("The share of daily Salesforce calls set for this program is used up."),
        N_("The sync goes on by itself when calls are free again. The share can be changed in Settings."),
    ),
    ProblemCode.SF_BUSY: ProblemText(
        "retry",
        N_("Salesforce is busy"),
        N_("Salesforce asked to slow down."),
        N_("The program waits and tries again."),
    ),
    ProblemCode.SF_MAINTENANCE: ProblemText(
        "retry",
        N_("Salesforce is under maintenance"),
        N_("Salesforce does not answer right now."),
        N_("The program tries again later. Nothing is lost."),
    ),
    ProblemCode.SF_REQUIRED: ProblemText(
        "issue",
        N_("A required field is empty"),
        N_("Salesforce needs a value in {fields}."),
        N_("Fill it in ActiveCampaign, map it, or set a value to use when it is empty."),
    ),
    ProblemCode.SF_TOO_LONG: ProblemText(
        "issue",
        N_("A value is too long"),
        N_("{fields} in Salesforce holds fewer characters than this value has. Nothing was cut."),
        N_("Shorten the value in ActiveCampaign."),
    ),
    ProblemCode.SF_BAD_EMAIL: ProblemText(
        "issue",
        N_("Salesforce refused the e-mail address"),
        N_("Salesforce does not accept this e-mail address."),
        N_("Correct the address on the side where it was typed."),
    ),
    ProblemCode.SF_PICKLIST: ProblemText(
        "issue",
        N_("A value is not in the picklist"),
        N_("Salesforce accepts only listed values in {fields}."),
        N_("Choose a listed value in ActiveCampaign, or add it to the picklist."),
    ),
    ProblemCode.SF_VALIDATION: ProblemText(
        "issue",
        N_("A validation rule refused the record"),
        N_("A rule in Salesforce says: {reason}."),
        N_("Change the value so that the rule is met; the record is tried again when it changes."),
    ),
    ProblemCode.SF_DUPLICATE: ProblemText(
        "issue",
        N_("Salesforce found a duplicate"),
        N_("A duplicate rule in Salesforce refused the record."),
        N_("Open the records, decide which one is right, and retry."),
    ),
    ProblemCode.SF_LOCKED: ProblemText(
        "retry",
        N_("The record is in use"),
        N_("Someone else is saving this record or its account in Salesforce."),
        N_("It is tried again by itself."),
    ),
    ProblemCode.SF_CONVERTED: ProblemText(
        "issue",
        N_("The lead was converted"),
        N_("Salesforce does not allow changes to a converted lead. The link moves to its contact."),
        N_("Nothing to do if the contact is visible to the connected user."),
    ),
    ProblemCode.SF_REJECTED: ProblemText(
        "issue",
        N_("Salesforce refused the record"),
        N_("Salesforce answered: {reason}."),
        N_("Correct the record; it is tried again when it changes."),
    ),
    ProblemCode.SF_AUTOMATION: ProblemText(
        "issue",
        N_("An automation in Salesforce failed"),
        N_("A trigger or flow in Salesforce stopped the change: {reason}."),
        N_("Ask the person who maintains it, then retry."),
    ),
    ProblemCode.SF_GONE: ProblemText(
        "issue",
        N_("The record is gone from Salesforce"),
        N_("The record was deleted in Salesforce. The contact in ActiveCampaign was left as it is."),
        N_("Restore it in Salesforce, or let the link go."),
    ),
    ProblemCode.AC_GONE: ProblemText(
        "issue",
        N_("The contact is gone from ActiveCampaign"),
        N_("The contact was deleted in ActiveCampaign. The record in Salesforce was left as it is."),
        N_("Link the record again, or let the link go."),
    ),
    ProblemCode.AC_REJECTED: ProblemText(
        "issue",
        N_("ActiveCampaign refused the contact"),
        N_("ActiveCampaign answered: {reason}."),
        N_("Correct the record; it is tried again when it changes."),
    ),
    ProblemCode.AC_IMPORT_FAILED: ProblemText(
        "issue",
        N_("The import left this person out"),
        N_("ActiveCampaign did not take this address. Known reasons: an invalid or excluded address, a hard bounce, or the contact limit of the plan."),
        N_("Check the address and the plan's contact limit, then retry."),
    ),
    ProblemCode.AC_EMAIL_TAKEN: ProblemText(
        "issue",
        N_("The address belongs to another contact"),
        N_("Another ActiveCampaign contact already has this e-mail address, so it was not changed."),
        N_("Merge the two contacts in ActiveCampaign, or correct the address."),
    ),
    ProblemCode.AC_BUSY: ProblemText(
        "retry",
        N_("ActiveCampaign is busy"),
        N_("ActiveCampaign asked to slow down."),
        N_("The program waits and tries again."),
    ),
    ProblemCode.AC_DOWN: ProblemText(
        "retry",
        N_("ActiveCampaign does not answer"),
        N_("ActiveCampaign had a passing fault."),
        N_("The program tries again. Nothing is lost."),
    ),
}
