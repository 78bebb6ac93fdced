using System.Diagnostics;
using Realtime.Host.Configuration;
using Realtime.Host.Reports;

namespace Realtime.Host.Doctor;

/// <summary>Whether the run folder can be written to, fast enough and with room to spare.</summary>
internal static class DiskCheck
{
    private const int BlockBytes = 1 << 20;

    private const int Blocks = 16;

    /// <summary>A journal of 50,000 spikes a second takes about 1 MB/s; below ten times that, other writers make it stall.</summary>
    private const double SlowMbPerS = 10;

    public static CheckResult Run(RigConfig config)
    {
        var folder = Existing(config.RunsFolder);
        try
        {
            var speed = WriteSpeed(folder);
            return Judge(config.RunsFolder, new DriveInfo(folder).AvailableFreeSpace, config.Run.MinimumFreeMb, speed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new("disk", CheckLevel.Fail, $"{config.RunsFolder}: {exception.Message}",
                "Choose a folder that you may write to in run.folder.");
        }
    }

    internal static CheckResult Judge(string folder, long freeBytes, long minimumFreeMb, double mbPerS)
    {
        var seen = $"{folder}: {ReportText.Three(freeBytes / 1e9)} GB free, writes {ReportText.Three(mbPerS)} MB/s";
        if (freeBytes < minimumFreeMb * 1_000_000)
            return new("disk", CheckLevel.Fail, seen, "A run would not start: make room, or lower run.minimum_free_mb.");
        if (freeBytes < 10 * minimumFreeMb * 1_000_000)
            return new("disk", CheckLevel.Warn, seen, "Little room for long runs; make room on this disk.");
        return mbPerS < SlowMbPerS
            ? new("disk", CheckLevel.Warn, seen, "The disk is slow; set run.folder to a local disk that acquisition does not write to.")
            : new("disk", CheckLevel.Ok, seen);
    }

    /// <summary>The folder itself, or the nearest one above it that is there: nothing is created.</summary>
    internal static string Existing(string folder)
    {
        var place = new DirectoryInfo(folder);
        while (!place.Exists && place.Parent is { } parent) place = parent;
        return place.FullName;
    }

    private static double WriteSpeed(string folder)
    {
        var block = new byte[BlockBytes];
        Random.Shared.NextBytes(block);
        var path = Path.Combine(folder, $".rtdecode-doctor-{Guid.NewGuid():N}");
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        var begin = Stopwatch.GetTimestamp();
        for (var index = 0; index < Blocks; index++) stream.Write(block);
        stream.Flush(flushToDisk: true);
        return Blocks * BlockBytes / 1e6 / Math.Max(1e-6, Stopwatch.GetElapsedTime(begin).TotalSeconds);
    }
}
