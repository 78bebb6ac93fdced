using System.Globalization;

namespace Realtime.Acquisition.Tests.MessagePack;

/// <summary>The seed of tests with random input: fixed, so that a failure comes again, unless the environment gives another.</summary>
internal static class FuzzSeed
{
    public const string Variable = "REALTIME_TEST_SEED";

    public static int Value { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : 20240917;
}
