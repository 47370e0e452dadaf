"""Tests that ``make test`` leaves out because they would take most of its time; ``make test-all`` and CI run them."""

#: A folder or file of tests, and why its tests are long and what of it ``make test`` covers all the same.
LONG = {
    "tests/journeys/": "whole runs, most of them in processes of their own; the tests of the parts stay",
    "tests/warehouse/sharing/": "several machines with a shared folder or bucket; one machine's warehouse stays",
    "tests/warehouse/definitions/test_evolution.py": "warehouses of every earlier version; the present one stays",
    "tests/warehouse/writing/test_faults.py": "full and broken disks at every step; kills at every step stay",
    "tests/warehouse/upkeep/test_takedown_behind_redirects.py": "takedowns after redirects; all others stay",
    "tests/warehouse/exporting/test_citable.py": "exports of past moments over many commits; exports of now stay",
    "tests/warehouse/exporting/test_any_export.py": "made-up events beside an export; exports of one snapshot stay",
    "tests/warehouse/upkeep/test_verify_beside.py": "verify at each step of a run; verify between runs stays",
    "tests/training/test_export.py": "networks that are trained and exported; their parts and quantisation stay",
    "tests/training/test_loop.py": "networks that are trained; the mixture, the batches and the losses stay",
    "tests/flows/serving/": "Prefect servers of their own, which start and end",
    "tests/flows/cli/test_running.py": "commands in processes of their own, which are interrupted",
    "tests/flows/cli/test_prefect_settings.py": "an interpreter with Prefect for each setting",
    "tests/flows/cli/test_unstarted.py": "a process for each command that cannot start",
    "tests/flows/cli/test_export_training.py": "nights with a second model",
    "tests/flows/night/second_model/": "nights with a second model; the client and its failures stay",
    "tests/flows/night/intake/test_discovery.py": "listings that wait for slow servers",
    "tests/flows/night/test_concurrent_load.py": "two machines that load at once",
    "tests/flows/monitoring/test_console.py": "runs in processes of their own, for what they print",
    "tests/flows/monitoring/test_silent_server.py": "runs that wait for a server that does not answer",
}
