using System.ComponentModel;
using System.Diagnostics;
using Realtime.Tests;

namespace Realtime.Interop.Tests.MessagePack;

/// <summary>Starts the script peer.mjs under Node.js.</summary>
internal static class NodePeer
{
    /// <summary>Where the script, package.json and node_modules lie.</summary>
    private static string Folder => Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Interop.Tests", "MessagePack");

    public static LinePeer Start() => new("node", Folder, "peer.mjs");

    /// <summary>Null when Node.js and the package are there, otherwise what is missing and how to get it.</summary>
    public static string? WhyMissing()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@msgpack", "msgpack")))
            return "needs @msgpack/msgpack: run 'npm ci' in tests/Realtime.Interop.Tests/MessagePack";
        try
        {
            var start = new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true, CreateNoWindow = true };
            using var node = Process.Start(start)!;
            node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            return node.ExitCode == 0 ? null : "needs Node.js: 'node --version' failed";
        }
        catch (Win32Exception)
        {
            return "needs Node.js: there is no 'node' on PATH";
        }
    }
}
