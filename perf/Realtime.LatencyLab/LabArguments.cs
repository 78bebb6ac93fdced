using System.Globalization;

namespace Realtime.LatencyLab;

/// <summary>Reads "--name value" from a lab's arguments.</summary>
internal static class LabArguments
{
    public static string Text(string[] args, string name, string otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
    }

    public static long Long(string[] args, string name, long otherwise) =>
        long.Parse(Text(args, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public static bool Has(string[] args, string name) => Array.IndexOf(args, name) >= 0;
}
