using System.Globalization;

namespace Realtime.Host.Running;

/// <summary>
/// The folder of one run, with everything needed to tell what happened. Holds back a little disk space from the start, so that the report of
/// a run whose disk filled up can still be written.
/// </summary>
public sealed class RunFolder : IDisposable
{
    // A report of an hour's run stays below 2 MB, its JSON below 100 kB, the log's last lines are small.
    private const int ReserveBytes = 4 * 1024 * 1024;

    private readonly string _reservePath;

    private RunFolder(string path)
    {
        Path = path;
        _reservePath = File(".reserve");
    }

    public string Path { get; }

    public string Config => File("rig-config.yaml");

    public string Predictions => File("predictions.csv");

    public string ReportJson => File("report.json");

    public string ReportHtml => File("report.html");

    /// <summary>Folder of what <c>run --record</c> records.</summary>
    public string Session => File("session");

    public string Log => File("log.txt");

    /// <summary>Makes a new folder named by time and rig under <paramref name="parent"/>.</summary>
    /// <exception cref="UserErrorException">The folder cannot be made, or the disk has too little room.</exception>
    public static RunFolder Create(string parent, string rigName, DateTime startedUtc, long minimumFreeMb)
    {
        var name = startedUtc.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-" + Safe(rigName);
        try
        {
            var path = System.IO.Path.Combine(parent, name);
            for (var n = 2; Directory.Exists(path); n++) path = System.IO.Path.Combine(parent, $"{name}-{n}");
            Directory.CreateDirectory(path);
            var freeMb = new DriveInfo(path).AvailableFreeSpace / 1_000_000;
            if (freeMb < minimumFreeMb)
            {
                Directory.Delete(path);
                throw new UserErrorException(
                    $"Only {freeMb} MB are free under {parent}; a run needs {minimumFreeMb} MB (run.minimum_free_mb). Free some space or choose another run.folder.", ExitCode.CannotWrite);
            }

            var folder = new RunFolder(path);
            folder.Reserve();
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The run folder cannot be made under {parent}: {failure.Message} Choose another run.folder, or mend its permissions.", ExitCode.CannotWrite);
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Gives the held-back space free; call before the report is written.</summary>
    public void ReleaseReserve()
    {
        try
        {
            System.IO.File.Delete(_reservePath);
        }
        catch (IOException)
        {
            // A leftover reserve file is harmless.
        }
    }

    public void Dispose() => ReleaseReserve();

    private static string Safe(string name)
    {
        var invalid = System.IO.Path.GetInvalidFileNameChars();
        return new string(name.Select(c => invalid.Contains(c) || char.IsControl(c) ? '_' : c).ToArray());
    }

    private void Reserve()
    {
        using var file = new FileStream(_reservePath, FileMode.Create, FileAccess.Write);
        file.Write(new byte[ReserveBytes]);
    }
}
