using System.Globalization;

namespace Realtime.Host.Commands;

/// <summary>Refuses numbers that an option cannot take, by the option's name, before any work is done.</summary>
internal static class OptionRange
{
    /// <summary>The longest hop and bin, ms: beyond a minute there is nothing live about an answer.</summary>
    public const double LongestMs = 60_000;

    /// <returns>The value, or null when the option was not given.</returns>
    /// <exception cref="UserErrorException">The value is not a number, or outside the range.</exception>
    public static double? Check(string option, double? value, double least, double most)
    {
        if (value is null || (value >= least && value <= most)) return value;
        throw new UserErrorException(
            string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; give a number from {least} to {most}."), ExitCode.Usage);
    }
}
