using System.Text;
using Realtime.Engine.Text;

namespace Realtime.Host.Configuration;

/// <summary>Reads a config file as text, or says why it cannot be one.</summary>
internal static class ConfigFileText
{
    /// <summary>A thousand bound units take some 100 kB; what is larger is not a config, and is not read at all.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>The text, or null with a problem added.</summary>
    public static string? Read(string path, ConfigProblems problems)
    {
        string? Refuse(string message)
        {
            problems.Add(0, 0, "", message);
            return null;
        }

        try
        {
            if (Directory.Exists(path)) return Refuse("this is a folder; name the config file in it.");
            if (!File.Exists(path)) return Refuse(Missing(path));
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaxBytes)
                return Refuse($"the file has {stream.Length / 1_000_000} MB; a {problems.What} has at most {MaxBytes / (1024 * 1024)} MB. "
                    + "Is it a recording or a model?");
            var bytes = new byte[MaxBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxBytes) return Refuse($"the file grew beyond {MaxBytes / (1024 * 1024)} MB while it was read.");
            return Decode(bytes.AsSpan(0, length), Refuse);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Refuse($"the file cannot be read: {exception.Message}");
        }
    }

    private static string? Decode(ReadOnlySpan<byte> bytes, Func<string, string?> refuse)
    {
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (bytes.StartsWith<byte>([0xFF, 0xFE]) || bytes.StartsWith<byte>([0xFE, 0xFF]))
            return refuse("the file is UTF-16 text; save it as UTF-8.");
        if (bytes.Contains((byte)0)) return refuse("the file is binary, not text; is it a recording or a model?");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return refuse("the file is not UTF-8 text; save it as UTF-8.");
        }
    }

    private static string Missing(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder)) return $"there is no such file, nor the folder {folder}.";
        var names = Directory.EnumerateFiles(folder).Take(1000).Select(file => Path.GetFileName(file)!);
        var nearest = NearestName.Find(Path.GetFileName(path), names);
        return nearest is null ? "there is no such file." : $"there is no such file; did you mean '{nearest}'?";
    }
}
