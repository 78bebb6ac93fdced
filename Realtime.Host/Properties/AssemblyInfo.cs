using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Realtime.Host.Tests")]
