/* SPDX-License-Identifier: Apache-2.0 */
#include "../test.h"

#include "engine/address.h"

static dbw_error error;

static dbw_status resolve(const char *host, bool restrict_addresses, const char *allow,
                          dbw_addresses *out)
{
    dbw_error_clear(&error);
    return dbw_address_resolve(host, restrict_addresses, allow, dbw_deadline_in(5000), out, &error);
}

static void refuses_addresses_that_no_database_has(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool forbidden;
    } cases[] = {
        {"127.0.0.1", false},
        {"10.1.2.3", false},
        {"192.168.0.1", false},
        {"::1", false},
        {"2001:db8::1", false},
        {"fd00:ec2::253", false},
        {"169.254.169.254", true},
        {"169.254.0.1", true},
        {"::ffff:169.254.169.254", true},
        {"64:ff9b::a9fe:a9fe", true},
        {"2002:a9fe:a9fe::1", true},
        {"::169.254.169.254", true},
        {"100.100.100.200", true},
        {"fe80::1", true},
        {"fe80::1%lo", true},
        {"febf::1", true},
        {"fec0::1", false},
        {"fd00:ec2::254", true},
        {"0.0.0.0", true},
        {"0.1.2.3", true},
        {"::", true},
        {"224.0.0.1", true},
        {"255.255.255.255", true},
        {"ff02::1", true},
        {"not an address", true},
    };
    for (size_t i = 0; i < DBW_COUNT(cases); i++)
        if (dbw_address_forbidden(cases[i].address) != cases[i].forbidden)
            fail_msg("%s should %sbe refused", cases[i].address, cases[i].forbidden ? "" : "not ");
}

static void resolves_numbers_and_names(void **state)
{
    (void)state;
    dbw_addresses found;
    assert_int_equal(resolve("127.0.0.1", true, NULL, &found), DBW_OK);
    assert_int_equal(found.count, 1);
    assert_string_equal(found.text[0], "127.0.0.1");
    assert_int_equal(resolve("::1", true, NULL, &found), DBW_OK);
    assert_string_equal(found.text[0], "::1");
    assert_int_equal(resolve("localhost", true, NULL, &found), DBW_OK);
    assert_true(found.count >= 1);
}

static void names_an_unknown_host(void **state)
{
    (void)state;
    dbw_addresses found;
    assert_int_equal(resolve("no-such-host.invalid", false, NULL, &found), DBW_E_UNREACHABLE);
    assert_non_null(strstr(error.message, "unable to find host 'no-such-host.invalid': "));
    assert_string_equal(error.object, "no-such-host.invalid");
}

static void refuses_metadata_services_in_any_spelling(void **state)
{
    (void)state;
    dbw_addresses found;
    static const char *const hosts[] = {"169.254.169.254", "0xa9fea9fe", "2852039166",
                                        "::ffff:a9fe:a9fe", "0"};
    for (size_t i = 0; i < DBW_COUNT(hosts); i++) {
        assert_int_equal(resolve(hosts[i], true, NULL, &found), DBW_E_DENIED);
        char expected[200];
        snprintf(expected, sizeof expected,
                 "unable to connect to '%s': link-local, unspecified and metadata addresses are "
                 "refused",
                 hosts[i]);
        assert_string_equal(error.message, expected);
    }
    assert_int_equal(resolve("169.254.169.254", false, NULL, &found), DBW_OK);
}

static void keeps_to_the_allow_list(void **state)
{
    (void)state;
    dbw_addresses found;
    assert_int_equal(resolve("127.0.0.1", true, "10.0.0.0/8, 127.0.0.0/8", &found), DBW_OK);
    assert_int_equal(resolve("127.0.0.1", true, "LOCALHOST,127.0.0.1", &found), DBW_OK);
    assert_int_equal(resolve("localhost", true, "db.example, LocalHost", &found), DBW_OK);
    assert_int_equal(resolve("::1", true, "::/64", &found), DBW_OK);
    assert_int_equal(resolve("127.0.0.1", true, "10.0.0.0/8,db.example", &found), DBW_E_DENIED);
    assert_string_equal(error.message,
                        "unable to connect to '127.0.0.1': the host is not on the allow-list");
    assert_int_equal(resolve("127.0.0.1", true, "", &found), DBW_E_DENIED);
    assert_int_equal(resolve("127.0.0.1", true, "127.0.0.1/33,127.0.0.1/x,/8", &found),
                     DBW_E_DENIED);
    assert_int_equal(dbw_address_socket_allowed("/run/x", NULL, &error), DBW_OK);
    assert_int_equal(dbw_address_socket_allowed("/run/x", "/run/x", &error), DBW_OK);
    assert_int_equal(dbw_address_socket_allowed("/run/x", "localhost", &error), DBW_E_DENIED);
}

static void a_name_on_the_list_does_not_lift_the_refusal(void **state)
{
    (void)state;
    dbw_addresses found;
    assert_int_equal(resolve("169.254.169.254", true, "169.254.169.254", &found), DBW_E_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_addresses_that_no_database_has),
        cmocka_unit_test(resolves_numbers_and_names),
        cmocka_unit_test(names_an_unknown_host),
        cmocka_unit_test(refuses_metadata_services_in_any_spelling),
        cmocka_unit_test(keeps_to_the_allow_list),
        cmocka_unit_test(a_name_on_the_list_does_not_lift_the_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
