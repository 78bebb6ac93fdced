namespace Realtime.Host.Doctor;

/// <summary>
/// Looks whether this machine is ready for a run and says how to mend what is not. Takes about two seconds. Changes nothing: the
/// one file that it writes, to time the disk, is deleted again.
/// </summary>
public static class MachineDoctor
{
    /// <summary>Makes every check and writes what it found.</summary>
    /// <param name="configPath">The config to check for; null = the defaults of a config.</param>
    /// <param name="format">How to write it; see <see cref="FormatFor"/>.</param>
    /// <param name="output">Where to write it.</param>
    /// <returns>The worst level found.</returns>
    public static CheckLevel Run(string? configPath, DoctorFormat format, TextWriter output)
    {
        var report = Examine(configPath);
        DoctorWriter.Write(report, format, output);
        return report.Worst;
    }

    /// <summary>A table on a terminal, plain lines elsewhere, JSON where asked for.</summary>
    public static DoctorFormat FormatFor(bool json)
    {
        if (json) return DoctorFormat.Json;
        return Console.IsOutputRedirected ? DoctorFormat.Plain : DoctorFormat.Table;
    }

    /// <summary>Makes every check.</summary>
    public static DoctorReport Examine(string? configPath)
    {
        var checks = new List<CheckResult>();
        var config = ConfigCheck.Run(configPath, checks);
        checks.Add(TimerCheck.Run());
        checks.Add(ClockSourceCheck.Run());
        checks.Add(CoresCheck.Run(config));
        checks.Add(PowerCheck.Run());
        checks.Add(RuntimeCheck.Run());
        checks.Add(RightsCheck.Run(config));
        checks.AddRange(PortsCheck.Run(config));
        checks.Add(MemoryCheck.Run(config));
        checks.Add(DiskCheck.Run(config));
        return new DoctorReport(1, checks.Max(check => check.Level), checks);
    }
}
